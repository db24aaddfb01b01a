#include "sluice/text/encoding.hpp"

#include <algorithm>
#include <array>

#include "gb18030.hpp"
#include "utf16.hpp"
#include "utf8.hpp"

namespace sluice::text {
namespace {

/// The end of the well-formed part, and how the character after it fails (0, kCut), or 1 when there is none.
struct WellFormed {
  std::size_t end;
  std::size_t next_length;
};

/// Past characters that begin with E1 to EC, as nearly all of Chinese text do: three bytes, of which the two that
/// follow may be any.
std::size_t skip_common(std::string_view raw, std::size_t pos) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(raw[at]); };
  const auto follows = [&](std::size_t at) { return (byte(at) & 0xC0U) == 0x80U; };
  while (pos + 3 <= raw.size() && byte(pos) >= 0xE1 && byte(pos) <= 0xEC && follows(pos + 1) && follows(pos + 2))
    pos += 3;
  return pos;
}

WellFormed well_formed(std::string_view raw) {
  std::size_t pos = 0;
  while (true) {
    pos = skip_ascii(raw, pos);
    // Chinese text comes in runs: going back to skip_ascii after each character would cost more than it saves.
    pos = skip_common(raw, pos);
    while (pos < raw.size() && static_cast<unsigned char>(raw[pos]) >= 0x80) {
      const std::size_t length = utf8_length(raw, pos);
      if (length == 0 || length == kCut) return {pos, length};
      pos += length;
    }
    if (pos == raw.size()) return {pos, 1};
  }
}

std::expected<void, DecodeFault> decode_utf8(std::string_view raw, bool last, Decoded& out) {
  const auto whole = whole_utf8(raw, last);
  out.consumed = whole ? *whole : whole.error().offset;
  out.utf8.assign(raw.substr(0, out.consumed));
  out.origin.clear();
  if (!whole) return std::unexpected(whole.error());
  return {};
}

std::string encode_utf8(std::string_view utf8) {
  const std::size_t end = well_formed(utf8).end;
  std::string out(utf8.substr(0, end));
  for (std::size_t pos = end; pos < utf8.size();) {
    const std::size_t length = utf8_length(utf8, pos);
    if (length == 0 || length == kCut) {
      out += '?';
      ++pos;
    } else {
      out.append(utf8, pos, length);
      pos += length;
    }
  }
  return out;
}

}  // namespace

std::string_view name(Encoding encoding) {
  static constexpr std::array<std::string_view, 4> kNames = {"UTF-8", "UTF-16LE", "UTF-16BE", "GB18030"};
  return kNames[static_cast<std::size_t>(encoding)];
}

std::string_view bom(Encoding encoding) {
  static constexpr std::array<std::string_view, 4> kBoms = {"\xEF\xBB\xBF", "\xFF\xFE", "\xFE\xFF", "\x84\x31\x95\x33"};
  return kBoms[static_cast<std::size_t>(encoding)];
}

bool available(Encoding encoding) {
  return encoding != Encoding::gb18030 || gb18030_available();
}

std::optional<Bom> detect_bom(std::string_view head) {
  for (const Encoding encoding : kEncodings) {
    if (head.starts_with(bom(encoding))) return Bom{encoding, bom(encoding).size()};
  }
  return std::nullopt;
}

std::expected<void, DecodeFault> decode(Encoding encoding, std::string_view raw, bool last, Decoded& out) {
  switch (encoding) {
    case Encoding::utf8:
      return decode_utf8(raw, last, out);
    case Encoding::utf16le:
      return decode_utf16(false, raw, last, out);
    case Encoding::utf16be:
      return decode_utf16(true, raw, last, out);
    case Encoding::gb18030:
      break;
  }
  return decode_gb18030(raw, last, out);
}

std::expected<std::size_t, DecodeFault> whole_utf8(std::string_view raw, bool last) {
  const auto [end, next_length] = well_formed(raw);
  if (next_length == 0 || (last && next_length == kCut)) return std::unexpected(DecodeFault{end});
  return end;
}

std::string encode(Encoding encoding, std::string_view utf8) {
  switch (encoding) {
    case Encoding::utf8:
      return encode_utf8(utf8);
    case Encoding::utf16le:
      return encode_utf16(false, utf8);
    case Encoding::utf16be:
      return encode_utf16(true, utf8);
    case Encoding::gb18030:
      break;
  }
  return encode_gb18030(utf8);
}

bool is_ascii(std::string_view bytes) {
  return skip_ascii(bytes, 0) == bytes.size();
}

bool is_utf8(std::string_view bytes) {
  return well_formed(bytes).end == bytes.size();
}

std::size_t chinese_before_fault(std::string_view bytes) {
  const auto sound = bytes.substr(0, well_formed(bytes).end);
  // U+4000 to U+9FFF and no others begin with E4 to E9.
  return static_cast<std::size_t>(std::ranges::count_if(sound, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0xE4 && byte <= 0xE9;
  }));
}

}  // namespace sluice::text
