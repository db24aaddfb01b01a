#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/base/shared_text.hpp"

namespace sluice {

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

/// What the API calls an order: any text, and nearly always a number, which is kept as one and takes no allocation.
class OrderId {
 public:
  OrderId() = default;
  template <std::convertible_to<std::string_view> Text>
  OrderId(const Text& text)  // NOLINT(google-explicit-constructor): it is a text like any other
      : number_(id_number(text).value_or(0)) {
    if (number_ == 0) text_ = std::string_view(text);
  }
  static OrderId of(std::uint64_t number) {
    OrderId id;
    id.number_ = number >> 63 == 0 ? number : 0;
    if (id.number_ == 0) id.text_ = std::to_string(number);
    return id;
  }

  bool empty() const { return number_ == 0 && text_.empty(); }
  /// If it is one as id_number() says.
  std::optional<std::uint64_t> number() const { return number_ == 0 ? std::nullopt : std::optional(number_); }

  using Room = std::array<char, 20>;
  /// As it came: in `room`, if it is a number.
  std::string_view text(Room& room) const;
  std::string str() const;

  friend bool operator==(const OrderId&, const OrderId&) = default;

 private:
  std::uint64_t number_ = 0;  ///< 0: it is a text
  SharedText text_;
};

}  // namespace sluice
