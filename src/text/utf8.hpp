#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sluice::text {

/// Length of the well-formed character at `pos` (Unicode table 3-7: no overlong form, no surrogate, nothing above
/// U+10FFFF); 0: ill-formed; kCut: well-formed as far as it goes, but the text ends in it.
inline constexpr std::size_t kCut = static_cast<std::size_t>(-1);
std::size_t utf8_length(std::string_view text, std::size_t pos);

/// The first byte at or after `pos` that is not ASCII, or the end.
std::size_t skip_ascii(std::string_view text, std::size_t pos);

/// The code point at `pos` of well-formed text, and steps over it.
char32_t next_code_point(std::string_view utf8, std::size_t& pos);

/// Writes up to 4 bytes; returns where it stopped.
char* put_utf8(char32_t code_point, char* out);

}  // namespace sluice::text
