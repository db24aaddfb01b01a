#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "fault.hpp"

namespace sluice::sandbox {

/// What goes back, and how. The HTTP text is written by hand, so that a fault can break it.
struct Reply {
  int status = 200;
  std::string_view content_type = "application/json;charset=utf-8";  ///< static storage
  std::string headers;                                               ///< whole lines
  std::string body;
  Act act = Act::replace;    ///< replace and the row acts: sent whole
  std::uint64_t number = 0;  ///< in the request log; 0: not a request for the API
};

/// Status line, headers and body.
std::string http_text(const Reply& reply, bool keep_alive);

}  // namespace sluice::sandbox
