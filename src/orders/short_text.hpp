#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace sluice::orders {

// Values are short, nearly all of them, and their sizes not known before: what a call to the C library for each would
// cost is more than the copy itself.

/// Where it ends then.
inline char* put_short(std::string_view text, char* at) {
  const char* from = text.data();
  const std::size_t size = text.size();
  const auto both_ends = [=](auto word) {
    std::memcpy(&word, from, sizeof word);
    std::memcpy(at, &word, sizeof word);
    std::memcpy(&word, from + size - sizeof word, sizeof word);
    std::memcpy(at + size - sizeof word, &word, sizeof word);
  };
  if (size > 16) {
    std::memcpy(at, from, size);
  } else if (size >= 8) {
    both_ends(std::uint64_t{});
  } else if (size >= 4) {
    both_ends(std::uint32_t{});
  } else {
    for (std::size_t i = 0; i < size; ++i) at[i] = from[i];
  }
  return at + size;
}

inline bool same_short(std::string_view one, std::string_view other) {
  const std::size_t size = one.size();
  if (size != other.size()) return false;
  const auto both_ends = [&](auto word) {
    const auto at = [&](std::string_view text, std::size_t pos) {
      std::memcpy(&word, text.data() + pos, sizeof word);
      return word;
    };
    const std::size_t last = size - sizeof word;
    return ((at(one, 0) ^ at(other, 0)) | (at(one, last) ^ at(other, last))) == 0;
  };
  if (size > 16) return std::memcmp(one.data(), other.data(), size) == 0;
  if (size >= 8) return both_ends(std::uint64_t{});
  if (size >= 4) return both_ends(std::uint32_t{});
  for (std::size_t i = 0; i < size; ++i)
    if (one[i] != other[i]) return false;
  return true;
}

}  // namespace sluice::orders
