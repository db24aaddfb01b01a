#include "sluice/text/shown.hpp"

#include <utf8proc.h>

#include <cstdint>

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

}  // namespace

std::string shown(std::string_view bytes, std::size_t limit) {
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

void append_json_escaped(std::string_view utf8, std::string_view also, std::string& out) {
  static constexpr std::string_view kLowerHex = "0123456789abcdef";
  static constexpr std::string_view kShort = "btn\0fr";  // U+0008 to U+000D; U+000B has none
  for (std::size_t pos = 0; pos < utf8.size();) {
    const auto byte = static_cast<unsigned char>(utf8[pos]);
    if (byte >= 0x80) {
      append_utf8(next_or_replacement(utf8, pos), out);
      continue;
    }
    const char c = utf8[pos++];
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte >= 8 && byte <= 13 && byte != 11) {
      out += '\\';
      out += kShort[byte - 8U];
    } else if (byte < 0x20 || byte == 0x7F || also.contains(c)) {
      out += "\\u00";
      out += kLowerHex[byte >> 4];
      out += kLowerHex[byte & 0xF];
    } else {
      out += c;
    }
  }
}

std::string json_escaped(std::string_view utf8, std::string_view also) {
  std::string out;
  out.reserve(utf8.size() + 8);
  append_json_escaped(utf8, also, out);
  return out;
}

}  // namespace sluice::text
