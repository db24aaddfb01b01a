#pragma once

#include <chrono>
#include <string>

#include "sluice/base/error.hpp"

namespace sluice::control {

/// One request over the control socket; blocks, at most for `patience`. The answer's JSON. Kinds: `missing` when no
/// process listens there; `permission`: this user may not speak to it; what the daemon says otherwise (usage, io).
Result<std::string> ask(const std::string& socket, const std::string& method, const std::string& target,
                        std::chrono::milliseconds patience = std::chrono::seconds(10));

}  // namespace sluice::control
