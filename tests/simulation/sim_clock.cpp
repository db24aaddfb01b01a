#include "sim_clock.hpp"

namespace sluice::simulation {

namespace {

class SimTimer final : public ports::Clock::Timer {
 public:
  SimTimer(Life& life, const Clocks& clocks) : bell_(life), clocks_(clocks) {}

  ports::Task<void> wait(Boottime until) override { return bell_.wait(clocks_.virtual_time(until)); }
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
