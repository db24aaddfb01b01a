#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "sluice/base/time.hpp"

namespace sluice::pipeline {

/// What happened to requests in one second of the wall's clock.
struct RateSecond {
  std::chrono::sys_seconds at{};
  std::uint64_t started = 0;
  std::uint64_t answered = 0;   ///< whatever the answer
  std::uint64_t throttled = 0;  ///< of the answered
  std::uint64_t lost = 0;       ///< no whole answer, and bytes were out
  friend bool operator==(const RateSecond&, const RateSecond&) = default;
};

/// The last ten minutes, second by second, for the page's plot. Nothing but a request that starts or ends touches it,
/// so a daemon at rest keeps none of it up to date: a second in which nothing happened is not there.
class RateHistory {
 public:
  static constexpr std::chrono::seconds kSpan{600};

  /// The second of `now`; what is older than ten minutes goes.
  RateSecond& at(WallTime now) {
    const auto second = std::chrono::floor<std::chrono::seconds>(now);
    // A clock that was set back counts into the newest second, so that the seconds stay in order.
    if (seconds_.empty() || seconds_.back().at < second) seconds_.push_back({.at = second});
    while (seconds_.front().at <= seconds_.back().at - kSpan) seconds_.pop_front();
    return seconds_.back();
  }
  /// Oldest first, from `since` on.
  std::vector<RateSecond> since(std::chrono::sys_seconds since) const {
    const auto first = std::ranges::lower_bound(seconds_, since, {}, &RateSecond::at);
    return {first, seconds_.end()};
  }

 private:
  std::deque<RateSecond> seconds_;
};

}  // namespace sluice::pipeline
