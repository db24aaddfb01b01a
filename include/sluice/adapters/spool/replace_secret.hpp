#pragma once

#include <string>

#include "sluice/base/error.hpp"

namespace sluice::adapters::spool {

/// Makes these bytes the spool's state/secret, durably, for whoever has its lock: of an account whose ledger comes
/// home. What was there is gone, so no job may be under way. Kinds: config, io, no_space and others.
Result<void> replace_secret(const std::string& spool, const std::string& secret);

}  // namespace sluice::adapters::spool
