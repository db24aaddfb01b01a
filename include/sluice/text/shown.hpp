#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sluice::text {

/// A value as it may stand in a message, a log or a terminal: control characters and broken UTF-8 as \xNN, cut after
/// `limit` code points with an ellipsis. Never more than that, whatever somebody put into a cell.
std::string shown(std::string_view bytes, std::size_t limit = 40);

/// Everything outside ASCII as \uXXXX: for messages in a file that was all ASCII.
std::string ascii_only(std::string_view utf8);

/// JSON string literal content, ASCII or not, quotes not included.
std::string json_escaped(std::string_view utf8);

}  // namespace sluice::text
