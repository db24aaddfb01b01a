#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>

#include "sluice/base/error.hpp"

namespace sluice::control {

struct Request {
  std::string method;
  std::string target;
  std::string body = {};
};

/// One request over the control socket; blocks, at most for `patience`. The answer's JSON. Only root, this process's
/// user and `owner` (the spool's) are believed: whoever else listens may have planted the socket. Kinds: `missing` when
/// no process listens there; `permission`: this user may not speak to it, or it is not believed; `network`: it closed
/// without an answer, as a process does that ends; what the daemon says otherwise (usage, io).
Result<std::string> ask(const std::string& socket, const Request& request, uid_t owner,
                        std::chrono::milliseconds patience = std::chrono::seconds(20));

}  // namespace sluice::control
