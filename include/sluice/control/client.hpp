#pragma once

#include <string>

#include "sluice/base/error.hpp"

namespace sluice::control {

/// One request over the control socket; blocks, at most 10 s. The answer's JSON. Kinds: `missing` when no process
/// listens there; `permission`: this user may not speak to it; what the daemon says otherwise (usage, io).
Result<std::string> ask(const std::string& socket, const std::string& method, const std::string& target);

}  // namespace sluice::control
