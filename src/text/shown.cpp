#include "sluice/text/shown.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "sluice/text/encoding.hpp"
#include "utf8.hpp"

namespace sluice::text {
namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";

void put_hex(unsigned value, int digits, std::string& out) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out += kHex[(value >> shift) & 0xF];
}

/// Whether a character may stand in a message: not what controls a terminal, turns the direction of reading, breaks a
/// line or has no form.
bool is_printable(char32_t code_point) {
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(code_point))) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return false;
    default:
      return true;
  }
}

/// From the blank to the tilde, eight at a time.
bool is_printable_ascii(std::string_view bytes) {
  constexpr std::uint64_t kEach = 0x0101010101010101;
  std::uint64_t others = 0;
  const auto look_at = [&](std::uint64_t eight) { others |= eight | (eight - 0x20 * kEach) | (eight + kEach); };
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
    std::uint64_t eight;
    std::memcpy(&eight, bytes.data(), 8);
    look_at(eight);
  }
  for (const char c : bytes) look_at(0x20 * kEach + static_cast<unsigned char>(c) - 0x20);
  return (others & (0x80 * kEach)) == 0;
}

void put_u_escape(char32_t code_point, std::string& out) {
  const auto put = [&](char32_t unit) {
    out += "\\u";
    put_hex(unit, 4, out);
  };
  if (code_point < 0x10000) return put(code_point);
  put(0xD800 + ((code_point - 0x10000) >> 10));
  put(0xDC00 + ((code_point - 0x10000) & 0x3FF));
}

/// The next character of text that may be ill-formed; then it is U+FFFD, a byte long.
char32_t next_or_replacement(std::string_view text, std::size_t& pos) {
  const auto length = utf8_length(text, pos);
  if (length != 0 && length != kCut) return next_code_point(text, pos);
  ++pos;
  return 0xFFFD;
}

/// Printable ASCII that no JSON string escapes, and no caller asks to be escaped.
bool stands_as_it_is(char c) {
  static constexpr auto kTable = [] {
    std::array<bool, 256> table{};
    for (unsigned char byte = 0x20; byte < 0x7F; ++byte)
      table[byte] = !std::string_view("\"\\<>&").contains(char(byte));
    return table;
  }();
  return kTable[static_cast<unsigned char>(c)];
}

bool needs_escape(char c, std::string_view also) {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7F || also.contains(c);
}

/// Of an ASCII character that needs it.
void put_json_escape(char c, std::string& out) {
  static constexpr std::string_view kLowerHex = "0123456789abcdef";
  static constexpr char kShort[] = "btn\0fr";  // U+0008 to U+000D; U+000B has none
  const auto byte = static_cast<unsigned char>(c);
  out += '\\';
  if (c == '"' || c == '\\') {
    out += c;
  } else if (byte >= 8 && byte <= 13 && byte != 11) {
    out += kShort[byte - 8U];
  } else {
    out += "u00";
    out += kLowerHex[byte >> 4];
    out += kLowerHex[byte & 0xF];
  }
}

}  // namespace

std::string shown(std::string_view bytes, std::size_t limit) {
  if (bytes.size() <= limit && is_printable_ascii(bytes)) return std::string(bytes);
  std::string out;
  std::size_t width = 0;
  for (std::size_t pos = 0; pos < bytes.size();) {
    const std::size_t start = pos;
    const auto length = utf8_length(bytes, pos);
    const bool broken = length == 0 || length == kCut;
    const bool plain = !broken && is_printable(next_code_point(bytes, pos));
    if (broken) ++pos;
    const std::size_t needed = plain ? 1 : 4 * (pos - start);
    if (width + needed > limit) return out += "…";
    width += needed;
    if (plain) {
      out.append(bytes, start, pos - start);
      continue;
    }
    for (std::size_t i = start; i < pos; ++i) {
      out += "\\x";
      put_hex(static_cast<unsigned char>(bytes[i]), 2, out);
    }
  }
  return out;
}

std::string ascii_only(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t pos = 0; pos < utf8.size();) {
    const std::size_t end = skip_ascii(utf8, pos);
    out.append(utf8, pos, end - pos);
    pos = end;
    if (pos < utf8.size()) put_u_escape(next_or_replacement(utf8, pos), out);
  }
  return out;
}

bool stands_in_json(std::string_view bytes) {
  std::size_t pos = 0;
  while (pos < bytes.size() && stands_as_it_is(bytes[pos])) ++pos;
  while (pos < bytes.size()) {
    const auto length = utf8_length(bytes, pos);
    const bool stands = length == 1 ? stands_as_it_is(bytes[pos]) : length > 1 && length != kCut;
    if (!stands) return false;
    pos += length;
  }
  return true;
}

void append_json_escaped(std::string_view utf8, std::string_view also, std::string& out) {
  std::size_t copied = 0;
  for (std::size_t pos = 0; pos < utf8.size();) {
    if (stands_as_it_is(utf8[pos])) {
      ++pos;
      continue;
    }
    const auto length = utf8_length(utf8, pos);
    const bool broken = length == 0 || length == kCut;
    const auto next = pos + (broken ? 1 : length);
    if (broken || (length == 1 && needs_escape(utf8[pos], also))) {
      out += utf8.substr(copied, pos - copied);
      copied = next;
      if (broken)
        out += "\uFFFD";
      else
        put_json_escape(utf8[pos], out);
    }
    pos = next;
  }
  out += utf8.substr(copied);
}

std::string json_escaped(std::string_view utf8, std::string_view also) {
  std::string out;
  out.reserve(utf8.size() + 8);
  append_json_escaped(utf8, also, out);
  return out;
}

}  // namespace sluice::text
