#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "sluice/base/leb128.hpp"

namespace sluice::adapters::packing {

/// What is packed, value behind value. Room is looked for once a value, not once a byte.
class Bytes {
 public:
  explicit Bytes(std::size_t expected) : bytes_(expected, '\0'), at_(bytes_.data()), end_(at_ + bytes_.size()) {}
  Bytes(const Bytes&) = delete;
  Bytes& operator=(const Bytes&) = delete;

  template <std::same_as<char>... Chars>
  void put_bytes(Chars... bytes) {
    find_room(sizeof...(bytes));
    ((*at_++ = bytes), ...);
  }
  template <std::same_as<std::uint64_t>... Numbers>
  void put_numbers(Numbers... numbers) {
    find_room(sizeof...(numbers) * kLongestNumber);
    ((at_ = put_number(at_, numbers)), ...);
  }
  void put_text(std::string_view text) {
    find_room(text.size());
    at_ = std::copy_n(text.data(), text.size(), at_);
  }
  std::string take() {
    bytes_.resize(size());
    return std::move(bytes_);
  }

 private:
  std::size_t size() const { return static_cast<std::size_t>(at_ - bytes_.data()); }
  void find_room(std::size_t more) {
    if (static_cast<std::size_t>(end_ - at_) < more) grow(more);
  }
  [[gnu::noinline]] void grow(std::size_t more) {
    const auto used = size();
    bytes_.resize(std::max(bytes_.size() * 2, used + more));
    at_ = bytes_.data() + used;
    end_ = bytes_.data() + bytes_.size();
  }

  std::string bytes_;
  char* at_;  ///< behind what was put
  char* end_;
};

}  // namespace sluice::adapters::packing
