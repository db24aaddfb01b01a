#pragma once

#include <string>

#include "sluice/base/error.hpp"

namespace sluice::app {

/// What ledger.password names, without the line end behind it; empty path: empty. Kind config: it can't be read, holds
/// nothing or more than a line, or may be read by everybody or written by any but its owner. No error holds it.
Result<std::string> database_password(const std::string& path);

}  // namespace sluice::app
