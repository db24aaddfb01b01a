#include "sim_clock.hpp"

namespace sluice::simulation {

namespace {

class SimTimer final : public ports::Clock::Timer {
 public:
  SimTimer(Life& life, const Clocks& clocks) : bell_(life), clocks_(clocks) {}

  ports::Task<void> wait(Boottime until) override {
    // Far ahead (time_point::max) must not overflow when moved onto virtual time.
    const bool forever = until.time_since_epoch() > Timeline::kForever - clocks_.booted;
    return bell_.wait(forever ? Timeline::kForever : clocks_.virtual_time(until));
  }
  void wake() override { bell_.ring(); }

 private:
  Bell bell_;
  const Clocks& clocks_;
};

}  // namespace

std::unique_ptr<ports::Clock::Timer> SimClock::timer() {
  return std::make_unique<SimTimer>(life_, clocks_);
}

}  // namespace sluice::simulation
