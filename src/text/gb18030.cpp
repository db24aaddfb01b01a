#include "gb18030.hpp"

#include "decoded_sink.hpp"
#include "gb18030_tables.hpp"

namespace sluice::text {
namespace {

constexpr bool is_lead(std::uint8_t byte) {
  return byte >= 0x81 && byte <= 0xFE;
}
constexpr bool is_digit(std::uint8_t byte) {
  return byte >= 0x30 && byte <= 0x39;
}

/// A four-byte code's code point; 0: not assigned, or no such code.
char32_t four_byte(const Gb18030Tables& tables, const std::uint8_t* code) {
  if (!is_lead(code[2]) || !is_digit(code[3])) return 0;
  const std::uint32_t number =
      (code[0] - 0x81U) * 12600 + (code[1] - 0x30U) * 1260 + (code[2] - 0x81U) * 10 + (code[3] - 0x30U);
  if (number < kFourByteBmpCodes) return tables.four_byte[number];
  if (number < kSupplementaryStart || number - kSupplementaryStart >= kSupplementaryCodes) return 0;
  return 0x10000 + (number - kSupplementaryStart);
}

/// Decodes the character at `code` (not ASCII) into the sink; its length, 0 for none, kCut where the text ends in it.
std::size_t decode_one(const Gb18030Tables& tables, const std::uint8_t* code, std::size_t left, std::size_t offset,
                       DecodedSink& sink) {
  if (!is_lead(code[0])) return 0;
  if (left < 2) return kCut;
  if (is_digit(code[1])) {
    if (left < 4) return left == 3 && !is_lead(code[2]) ? 0 : kCut;
    const char32_t value = four_byte(tables, code);
    if (value == 0) return 0;
    sink.code_point(value, offset);
    return 4;
  }
  if (code[1] < 0x40 || code[1] == 0xFF) return 0;
  const std::uint32_t packed = tables.two_byte[two_byte_index(code[0], code[1])];
  if (packed == 0) return 0;
  sink.packed(packed, offset);
  return 2;
}

void put_four_byte(std::uint32_t number, std::string& out) {
  out += static_cast<char>(0x81 + number / 12600);
  out += static_cast<char>(0x30 + number / 1260 % 10);
  out += static_cast<char>(0x81 + number / 10 % 126);
  out += static_cast<char>(0x30 + number % 10);
}

void put_code_point(const Gb18030Tables& tables, char32_t value, std::string& out) {
  if (value >= 0x10000) return put_four_byte(kSupplementaryStart + (value - 0x10000), out);
  const std::uint32_t code = tables.of_bmp[value];
  if (code == 0) {
    out += '?';
  } else if (code >= 0x10000) {
    put_four_byte(code - 0x10000, out);
  } else {
    out += static_cast<char>(code >> 8);
    out += static_cast<char>(code & 0xFF);
  }
}

}  // namespace

bool gb18030_available() {
  return gb18030_tables() != nullptr;
}

std::expected<void, DecodeFault> decode_gb18030(std::string_view raw, bool last, Decoded& out) {
  const Gb18030Tables* const tables = gb18030_tables();
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(raw.data());
  DecodedSink sink(raw.size(), out);
  std::size_t pos = 0;
  std::size_t length = 1;
  while (pos < raw.size()) {
    if (bytes[pos] < 0x80) {
      const std::size_t end = skip_ascii(raw, pos);
      sink.ascii_run(raw.data() + pos, raw.data() + end, pos);
      pos = end;
      continue;
    }
    length = tables ? decode_one(*tables, bytes + pos, raw.size() - pos, pos, sink) : 0;
    if (length == 0 || length == kCut) break;
    pos += length;
  }
  sink.finish(pos);
  if (length == 0 || (last && length == kCut)) return std::unexpected(DecodeFault{pos});
  return {};
}

std::string encode_gb18030(std::string_view utf8) {
  const Gb18030Tables* const tables = gb18030_tables();
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t pos = 0; pos < utf8.size();) {
    const auto length = utf8_length(utf8, pos);
    if (length == 0 || length == kCut) {
      out += '?';
      ++pos;
    } else if (length == 1) {
      out += utf8[pos++];
    } else if (const char32_t value = next_code_point(utf8, pos); tables) {
      put_code_point(*tables, value, out);
    } else {
      out += '?';
    }
  }
  return out;
}

}  // namespace sluice::text
