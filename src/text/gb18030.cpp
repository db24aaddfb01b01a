#include "gb18030.hpp"

#include <iconv.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "decoded_sink.hpp"
#include "utf8.hpp"

namespace sluice::text {

namespace {

// GB 18030: a character is one byte (ASCII), two (81-FE, 40-7E or 80-FE) or four (81-FE, 30-39, 81-FE, 30-39).
// Four-byte codes are counted in one line: the first 39420 stand for the rest of the BMP, by table; from 189000 on they
// are U+10000 and up, by addition.
constexpr std::size_t kTwoByteCodes = std::size_t{126} * 191;
constexpr std::uint32_t kFourByteBmpCodes = 39420;
constexpr std::uint32_t kSupplementaryStart = 189000;
constexpr std::uint32_t kSupplementaryCodes = 0x100000;

constexpr std::size_t two_byte_index(std::uint8_t first, std::uint8_t second) {
  return static_cast<std::size_t>(first - 0x81) * 191 + (second - 0x40U);
}

struct Gb18030Tables {
  /// By two_byte_index: UTF-8 bytes, the first lowest. 0: not assigned.
  std::array<std::uint32_t, kTwoByteCodes> two_byte{};
  /// By number: the code point. 0: not assigned.
  std::array<std::uint16_t, kFourByteBmpCodes> four_byte{};
  /// By code point of the BMP: the two-byte code (below 0x10000), or 0x10000 and the four-byte code's number. 0: none.
  std::array<std::uint32_t, 0x10000> of_bmp{};
};

class Iconv {
 public:
  Iconv() : handle_(iconv_open("UTF-32LE", "GB18030")) {}
  ~Iconv() {
    if (usable()) iconv_close(handle_);
  }
  Iconv(const Iconv&) = delete;
  Iconv& operator=(const Iconv&) = delete;

  bool usable() const {
    return handle_ != reinterpret_cast<iconv_t>(-1);  // NOLINT(performance-no-int-to-ptr): iconv_open's own error value
  }

  /// The one code point that these bytes stand for; 0: none, or more than one.
  char32_t code_point(std::span<char> code) const {
    char out[8];
    char* in_at = code.data();
    char* out_at = out;
    std::size_t in_left = code.size();
    std::size_t out_left = sizeof out;
    iconv(handle_, nullptr, nullptr, nullptr, nullptr);
    const auto result = iconv(handle_, &in_at, &in_left, &out_at, &out_left);
    if (result != 0 || in_left != 0 || out_left != sizeof out - 4) return 0;
    char32_t value = 0;
    for (int i = 3; i >= 0; --i) value = value << 8 | static_cast<std::uint8_t>(out[i]);
    return value;
  }

 private:
  iconv_t handle_;
};

void fill_two_byte(const Iconv& iconv, Gb18030Tables& tables) {
  for (unsigned first = 0x81; first <= 0xFE; ++first) {
    for (unsigned second = 0x40; second <= 0xFE; ++second) {
      char code[] = {static_cast<char>(first), static_cast<char>(second)};
      const char32_t value = second == 0x7F ? 0 : iconv.code_point(code);
      if (value == 0) continue;
      char utf8[4];
      const auto length = static_cast<unsigned>(put_utf8(value, utf8) - utf8);
      std::uint32_t packed = 0;
      for (unsigned k = 0; k < length; ++k)
        packed |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(utf8[k])) << (8 * k);
      tables.two_byte[two_byte_index(static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(second))] = packed;
      if (value <= 0xFFFF) tables.of_bmp[value] = first << 8 | second;
    }
  }
}

void fill_four_byte(const Iconv& iconv, Gb18030Tables& tables) {
  for (std::uint32_t number = 0; number < kFourByteBmpCodes; ++number) {
    char code[] = {static_cast<char>(0x81 + number / 12600), static_cast<char>(0x30 + number / 1260 % 10),
                   static_cast<char>(0x81 + number / 10 % 126), static_cast<char>(0x30 + number % 10)};
    const char32_t value = iconv.code_point(code);
    if (value == 0 || value > 0xFFFF) continue;
    tables.four_byte[number] = static_cast<std::uint16_t>(value);
    if (tables.of_bmp[value] == 0) tables.of_bmp[value] = 0x10000 + number;
  }
}

/// Built with iconv at first use, in a few milliseconds, so that no character costs a call later. Null: the C library
/// has no converter for GB18030 (glibc keeps it in a module of its own, which small images leave out).
const Gb18030Tables* gb18030_tables() {
  static const std::unique_ptr<const Gb18030Tables> tables = [] {
    const Iconv iconv;
    if (!iconv.usable()) return std::unique_ptr<Gb18030Tables>();
    auto built = std::make_unique<Gb18030Tables>();
    fill_two_byte(iconv, *built);
    fill_four_byte(iconv, *built);
    return built;
  }();
  return tables.get();
}

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
