#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sluice::text {

// GB 18030: a character is one byte (ASCII), two (81-FE, 40-7E or 80-FE) or four (81-FE, 30-39, 81-FE, 30-39).
// Four-byte codes are counted in one line: the first 39420 stand for the rest of the BMP, by table; from 189000 on they
// are U+10000 and up, by addition.
inline constexpr std::size_t kTwoByteCodes = std::size_t{126} * 191;
inline constexpr std::uint32_t kFourByteBmpCodes = 39420;
inline constexpr std::uint32_t kSupplementaryStart = 189000;
inline constexpr std::uint32_t kSupplementaryCodes = 0x100000;

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

/// Built with iconv at first use, in a few milliseconds, so that no character costs a call later. Null: the C library
/// has no converter for GB18030 (glibc keeps it in a module of its own, which small images leave out).
const Gb18030Tables* gb18030_tables();

}  // namespace sluice::text
