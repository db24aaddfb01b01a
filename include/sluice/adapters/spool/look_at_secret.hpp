#pragma once

#include <string>

namespace sluice::adapters::spool {

/// A spool's state/secret, for looking only (`sluice check`). Empty: there is none, or this user may not read it.
std::string look_at_secret(const std::string& spool);

}  // namespace sluice::adapters::spool
