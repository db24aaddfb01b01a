#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "packing/bytes.hpp"

namespace sluice::adapters::packing {

/// The number that eight digits are, worked out side by side in one word: neighbours become pairs, fours and all eight.
inline std::optional<std::uint64_t> eight_digits(const char* digits) {
  std::uint64_t word = 0;
  std::memcpy(&word, digits, sizeof word);
  if constexpr (std::endian::native == std::endian::big) word = std::byteswap(word);
  const auto digit = word ^ 0x3030303030303030;  // of each byte: 0 to 9, if it is one
  if (((digit | (digit + 0x0606060606060606)) & 0xf0f0f0f0f0f0f0f0) != 0) return std::nullopt;
  const auto pairs = (digit * 10 + (digit >> 8)) & 0x00ff00ff00ff00ff;
  const auto fours = (pairs * 100 + (pairs >> 16)) & 0x0000ffff0000ffff;
  return (fours * 10'000 + (fours >> 32)) & 0xffffffff;
}

/// The number that an id is, if it can be written in no other way; below 2^63, so that one bit more finds room.
inline std::optional<std::uint64_t> id_number(std::string_view id) {
  constexpr std::size_t kLongest = 19;  // whose every number is below 2^64
  constexpr std::uint64_t kTenToTheEighth = 100'000'000;
  if (id.empty() || id.size() > kLongest || id.front() == '0') return std::nullopt;
  std::uint64_t number = 0;
  for (; id.size() >= sizeof(std::uint64_t); id.remove_prefix(sizeof(std::uint64_t))) {
    const auto eight = eight_digits(id.data());
    if (!eight) return std::nullopt;
    number = number * kTenToTheEighth + *eight;
  }
  for (const char c : id) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return number >> 63 == 0 ? std::optional(number) : std::nullopt;
}

/// From the front of `in`; false: it has fewer.
inline bool take_bytes(std::string_view& in, std::uint64_t size, std::string& out) {
  if (size > in.size()) return false;
  out = in.substr(0, size);
  in.remove_prefix(size);
  return true;
}

/// An id that is no number: its head, twice the length and one more, tells it from one that is.
inline void put_text_id(Bytes& out, const std::string& id) {
  out.put_numbers(id.size() << 1 | 1);
  out.put_text(id);
}
/// Behind its head.
inline bool take_text_id(std::string_view& in, std::uint64_t head, std::string& id) {
  return take_bytes(in, head >> 1, id);
}

}  // namespace sluice::adapters::packing
