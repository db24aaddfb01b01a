#pragma once

#include "sluice/ports/clock.hpp"

namespace sluice::adapters {

/// A clock that stands where a test puts it.
class SetClock final : public ports::Clock {
 public:
  Boottime time{std::chrono::hours(1)};
  Boottime now() const override { return time; }
  WallTime wall() const override { return {}; }
  std::uint64_t random() override { return 4; }
  std::unique_ptr<Timer> timer() override { return nullptr; }
};

}  // namespace sluice::adapters
