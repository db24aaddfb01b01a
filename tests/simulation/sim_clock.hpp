#pragma once

#include <algorithm>

#include "life.hpp"
#include "sluice/ports/clock.hpp"

namespace sluice::simulation {

/// What the machine's clocks say beyond virtual time: when it was booted, and what somebody did to its wall clock.
struct Clocks {
  Nanos booted{0};
  WallTime wall_base{};
  Millis wall_jump{0};

  Boottime boot(Nanos now) const { return Boottime{now - booted}; }
  /// Far ahead (time_point::max) must not overflow: kForever.
  Nanos virtual_time(Boottime t) const {
    const Nanos up = t.time_since_epoch();
    return up > Timeline::kForever - std::max(booted, Nanos{0}) ? Timeline::kForever : up + booted;
  }
  WallTime wall(Nanos now) const { return wall_base + std::chrono::floor<Millis>(now) + wall_jump; }
};

class SimClock final : public ports::Clock {
 public:
  SimClock(Life& life, const Clocks& clocks) : life_(life), clocks_(clocks) {}

  Boottime now() const override { return clocks_.boot(life_.now()); }
  WallTime wall() const override { return clocks_.wall(life_.now()); }
  std::uint64_t random() override { return life_.random().next(); }
  std::unique_ptr<Timer> timer() override;

 private:
  Life& life_;
  const Clocks& clocks_;
};

}  // namespace sluice::simulation
