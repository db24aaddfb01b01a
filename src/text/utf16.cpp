#include "utf16.hpp"

#include "decoded_sink.hpp"

namespace sluice::text {
namespace {

constexpr bool is_high(char32_t unit) {
  return unit >= 0xD800 && unit < 0xDC00;
}
constexpr bool is_low(char32_t unit) {
  return unit >= 0xDC00 && unit < 0xE000;
}

}  // namespace

std::expected<void, DecodeFault> decode_utf16(bool big_endian, std::string_view raw, bool last, Decoded& out) {
  DecodedSink sink(raw.size(), out);
  const auto unit_at = [&](std::size_t pos) {
    const auto first = static_cast<std::uint8_t>(raw[pos]);
    const auto second = static_cast<std::uint8_t>(raw[pos + 1]);
    return static_cast<char32_t>(big_endian ? first << 8 | second : second << 8 | first);
  };
  std::size_t pos = 0;
  bool sound = true;
  while (raw.size() - pos >= 2) {
    const char32_t unit = unit_at(pos);
    if (!is_high(unit) && !is_low(unit)) {
      sink.code_point(unit, pos);
      pos += 2;
      continue;
    }
    if (is_high(unit) && raw.size() - pos < 4) break;
    sound = is_high(unit) && is_low(unit_at(pos + 2));
    if (!sound) break;
    sink.code_point(0x10000 + ((unit - 0xD800) << 10) + (unit_at(pos + 2) - 0xDC00), pos);
    pos += 4;
  }
  sink.finish(pos);
  if (!sound || (last && pos != raw.size())) return std::unexpected(DecodeFault{pos});
  return {};
}

std::string encode_utf16(bool big_endian, std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size() * 2);
  const auto put = [&](char32_t unit) {
    const auto high = static_cast<char>(unit >> 8);
    const auto low = static_cast<char>(unit & 0xFF);
    out += big_endian ? high : low;
    out += big_endian ? low : high;
  };
  for (std::size_t pos = 0; pos < utf8.size();) {
    const auto length = utf8_length(utf8, pos);
    if (length == 0 || length == kCut) {
      put('?');
      ++pos;
      continue;
    }
    const char32_t code_point = next_code_point(utf8, pos);
    if (code_point < 0x10000) {
      put(code_point);
    } else {
      put(0xD800 + ((code_point - 0x10000) >> 10));
      put(0xDC00 + ((code_point - 0x10000) & 0x3FF));
    }
  }
  return out;
}

}  // namespace sluice::text
