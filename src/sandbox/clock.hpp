#pragma once

#include <optional>

#include "sluice/base/time.hpp"

namespace sluice::sandbox {

/// The sandbox's two clocks: monotonic for limits and the log, and a calendar that can be set.
class Clock {
 public:
  /// `start`: what the calendar shows now; nullopt: the truth. `frozen`: it stays there.
  Clock(std::optional<WallTime> start, bool frozen);

  /// CLOCK_MONOTONIC.
  Nanos monotonic() const;
  WallTime wall() const;

 private:
  std::optional<WallTime> start_;
  bool frozen_;
  Nanos begun_;
};

}  // namespace sluice::sandbox
