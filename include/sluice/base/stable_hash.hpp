#pragma once

#include <cstdint>
#include <string_view>

namespace sluice {

/// FNV-1a with 64 bits: the same on every machine and in every version, so that what it gives may be stored. It finds
/// damage and distinguishes things; it does not resist anybody who looks for a collision.
inline constexpr std::uint64_t kFnvStart = 0xcbf29ce484222325ULL;

constexpr std::uint64_t fnv_step(std::uint64_t state, std::uint64_t piece) {
  return (state ^ piece) * 0x100000001b3ULL;
}

constexpr std::uint64_t fnv(std::string_view bytes, std::uint64_t state = kFnvStart) {
#pragma clang loop unroll_count(8)  // to count each byte costs as much as to hash it
  for (const char c : bytes) state = fnv_step(state, static_cast<unsigned char>(c));
  return state;
}

/// FNV-1a by words of eight bytes, little-endian, and the bytes that are left; for what is long. Another value than
/// fnv() gives.
constexpr std::uint64_t fnv_words(std::string_view bytes) {
  constexpr std::size_t kWord = 8;
  std::uint64_t state = kFnvStart;
  for (; bytes.size() >= kWord; bytes.remove_prefix(kWord)) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < kWord; ++i) word |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    // The multiplication carries only upwards: without this a word's upper bytes would hardly count.
    state = fnv_step(state, word);
    state ^= state >> 32;
  }
  return fnv(bytes, state);
}

}  // namespace sluice
