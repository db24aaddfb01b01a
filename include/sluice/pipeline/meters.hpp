#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "sluice/base/time.hpp"
#include "sluice/orders/answer.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::pipeline {

/// How long things took, in buckets that Prometheus adds up.
class DurationHistogram {
 public:
  /// The upper bounds of all buckets but the last, in seconds. They reach beyond the default response_timeout.
  static constexpr std::array<double, 11> kBounds{0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30, 70};

  void add(Nanos took) {
    const double seconds = std::chrono::duration<double>(took).count();
    ++buckets_[static_cast<std::size_t>(std::ranges::lower_bound(kBounds, seconds) - kBounds.begin())];
    seconds_ += seconds;
  }
  /// Of each bucket alone; the last is of what took longer than every bound.
  const std::array<std::uint64_t, kBounds.size() + 1>& buckets() const { return buckets_; }
  double seconds() const { return seconds_; }

 private:
  std::array<std::uint64_t, kBounds.size() + 1> buckets_{};
  double seconds_ = 0;
};

struct RequestMeters {
  std::uint64_t started = 0;  ///< had a slot of the limit
  /// By what came of those that ended.
  std::array<std::uint64_t, orders::kAnswerClasses> answers{};
  std::uint64_t lost = 0;    ///< no whole answer, and bytes were out
  std::uint64_t unsent = 0;  ///< nothing left
  std::uint64_t throttled = 0;
  DurationHistogram took;  ///< from the slot to the whole answer
};

struct LedgerMeters {
  std::uint64_t commits = 0;
  std::uint64_t failed_commits = 0;
  Nanos commit_time{0};  ///< of both, in sum
  ports::Counts settled{};
};

/// What happened since the process started. All of it only grows.
struct Meters {
  RequestMeters requests;
  LedgerMeters ledger;
  std::uint64_t jobs_done = 0;
  std::uint64_t jobs_rejected = 0;
};

}  // namespace sluice::pipeline
