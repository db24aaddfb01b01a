#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/base/error.hpp"

namespace sluice::control::web {

/// A whole answer, or the head of one that comes in pieces.
struct Reply {
  unsigned status = 200;
  std::string body = {};
  std::string_view type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers = {};
};

/// application/problem+json (RFC 9457). `words` say in both languages what to do about it.
Reply problem(unsigned status, const std::string& words, std::string_view type = "about:blank");
/// By the error's kind.
Reply problem(const Error& error);

inline constexpr std::string_view kNotSignedIn = "urn:sluice:not-signed-in";
inline constexpr std::string_view kLinkOver = "urn:sluice:link-over";

}  // namespace sluice::control::web
