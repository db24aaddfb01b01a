#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

// Numbers in as many bytes as they need, seven bits in each, the lowest first.

inline constexpr std::size_t kLongestNumber = 10;  ///< in bytes

/// To where there is room for it; behind it.
inline char* put_number(char* at, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) *at++ = static_cast<char>(value | 0x80);
  *at++ = static_cast<char>(value);
  return at;
}

inline void put_number(std::string& out, std::uint64_t value) {
  char room[kLongestNumber];
  out.append(room, put_number(room, value));
}

/// From the front of `in`; nullopt: it ends before the number does.
inline std::optional<std::uint64_t> take_number(std::string_view& in) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !in.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  return std::nullopt;
}

/// Small differences of either sign as small numbers; differences are taken modulo 2^64, so that any of them survives.
inline std::uint64_t zigzag(std::uint64_t difference) {
  return (difference << 1) ^ (difference >> 63 != 0 ? ~std::uint64_t{0} : 0);
}
inline std::uint64_t unzigzag(std::uint64_t value) {
  return (value >> 1) ^ ((value & 1) != 0 ? ~std::uint64_t{0} : 0);
}

}  // namespace sluice
