#pragma once

#include <cstdint>

#include "sluice/base/time.hpp"

namespace sluice::simulation {

/// All chance of a world comes from here (SplitMix64): the same seed, the same world, on any machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

  /// 0 to n - 1.
  std::uint64_t below(std::uint64_t n) { return n == 0 ? 0 : next() % n; }
  std::uint64_t between(std::uint64_t low, std::uint64_t high) { return low + below(high - low + 1); }
  Nanos between(Nanos low, Nanos high) {
    return low + Nanos(static_cast<std::int64_t>(below(static_cast<std::uint64_t>((high - low).count()) + 1)));
  }
  bool per_mille(std::uint32_t chance) { return chance != 0 && below(1000) < chance; }

  /// Chance of its own for another part, so that a draw more in one doesn't change what the other sees.
  Random fork() { return Random(next()); }

 private:
  std::uint64_t state_;
};

}  // namespace sluice::simulation
