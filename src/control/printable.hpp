#pragma once

#include <ranges>
#include <string>
#include <string_view>

#include "sluice/text/shown.hpp"

namespace sluice::control {

inline constexpr std::size_t kLongestWords = 4000;

/// Names and reasons come from whoever drops files, and answers from whoever listens on the socket: no control
/// character of theirs reaches a terminal. A name is one line.
inline std::string printable_name(std::string_view name) {
  return text::shown(name, kLongestWords);
}

/// Words may be several lines.
inline std::string printable(std::string_view words) {
  std::string lines;
  for (const auto line : std::views::split(words, '\n')) {
    if (!lines.empty()) lines += '\n';
    lines += text::shown(std::string_view(line.begin(), line.end()), kLongestWords);
  }
  return lines;
}

}  // namespace sluice::control
