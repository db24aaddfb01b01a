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
  for (const char c : bytes) state = fnv_step(state, static_cast<unsigned char>(c));
  return state;
}

}  // namespace sluice
