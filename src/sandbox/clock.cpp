#include "clock.hpp"

#include <chrono>

namespace sluice::sandbox {

Clock::Clock(std::optional<WallTime> start, bool frozen) : start_(start), frozen_(frozen), begun_(monotonic()) {}

Nanos Clock::monotonic() const {
  return std::chrono::steady_clock::now().time_since_epoch();
}

WallTime Clock::wall() const {
  if (!start_) return std::chrono::floor<Millis>(std::chrono::system_clock::now());
  return frozen_ ? *start_ : *start_ + std::chrono::floor<Millis>(monotonic() - begun_);
}

}  // namespace sluice::sandbox
