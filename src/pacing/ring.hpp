#pragma once

#include <algorithm>
#include <cstdint>

#include "sluice/pacing/gate.hpp"

namespace sluice::pacing {

/// How the last `requests` slots are remembered in at most kMaxGroups groups. slots × groups never exceeds `requests`:
/// slot k + requests then always lies at least one whole ring after slot k, whatever place k has in its group.
struct Ring {
  std::uint32_t slots = 1;   ///< a group
  std::uint32_t groups = 1;  ///< in the ring
};

constexpr Ring ring_of(Rate rate) {
  const auto groups_at_most = static_cast<std::uint32_t>(kMaxGroups);
  const std::uint32_t slots = (rate.requests + groups_at_most - 1) / groups_at_most;
  return {.slots = slots, .groups = rate.requests / slots};
}

/// Exactly per / requests is too fast even without jitter: limiters compare strictly, and clocks differ by 500 ppm.
constexpr Nanos narrowest_gap(Rate rate) {
  const std::int64_t hundredths = std::int64_t{100} * rate.requests;
  return Nanos{(rate.per.count() * 101 + hundredths - 1) / hundredths};
}

/// From a slot's anchor to the start of the slot `requests` later, at the least.
constexpr Nanos window_of(Rate rate) {
  return rate.per + rate.per / 500;
}

/// Where the gap is below it, what falls due within it goes together: no timer wakes more finely than that.
inline constexpr Nanos kTogether = std::chrono::milliseconds(1);

}  // namespace sluice::pacing
