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

/// Whether it is text of which json_escaped() changes nothing, whatever `also` says.
bool stands_in_json(std::string_view bytes);
/// A JSON string literal's content (RFC 8259, 7), quotes not included; what is no UTF-8 becomes U+FFFD. `also`: which
/// of < > & are to be written as \u00xx besides those that must be.
std::string json_escaped(std::string_view utf8, std::string_view also = {});
void append_json_escaped(std::string_view utf8, std::string_view also, std::string& out);

}  // namespace sluice::text
