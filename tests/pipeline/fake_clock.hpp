#pragma once

#include <exception>
#include <memory>
#include <optional>

#include "simulation/workbench.hpp"
#include "sluice/base/check.hpp"
#include "sluice/ports/clock.hpp"

namespace sluice::pipeline {

/// Noon in UTC+8, on a day in the middle of nowhere.
inline constexpr WallTime kNoon = std::chrono::sys_days{std::chrono::year{2024} / 1 / 15} + std::chrono::hours(4);

/// The simulation's time, without chance: it stands still while anything can run, then jumps to the next timer. It
/// begins at noon, an hour after the machine was booted. Nothing sleeps.
class FakeClock final : public ports::Clock {
 public:
  FakeClock() { bench_.clocks = {.booted = -std::chrono::hours(1), .wall_base = kNoon, .wall_jump = Millis{0}}; }

  Boottime now() const override { return clock_.now(); }
  WallTime wall() const override { return clock_.wall(); }
  std::uint64_t random() override { return 0; }
  std::unique_ptr<ports::Clock::Timer> timer() override { return clock_.timer(); }

  boost::asio::io_context& io() { return bench_.context; }
  /// For simulated ports beside it.
  simulation::Workbench& bench() { return bench_; }
  void set_wall(WallTime wall) { bench_.clocks.wall_jump += wall - this->wall(); }

  /// Starts it; it goes on whenever time is let pass.
  void spawn(ports::Task<void> task) {
    boost::asio::co_spawn(io(), std::move(task), [](const std::exception_ptr& thrown) {
      SLUICE_CHECK(thrown == nullptr, "an exception left a task");
    });
  }
  /// To its end, whatever time that takes.
  template <class T>
  T run(ports::Task<T> task) {
    std::optional<T> result;
    boost::asio::co_spawn(io(), std::move(task), [&](const std::exception_ptr& thrown, T value) {
      SLUICE_CHECK(thrown == nullptr, "an exception left a task");
      result.emplace(std::move(value));
    });
    while (!result && step(simulation::Timeline::kForever)) {
    }
    SLUICE_CHECK(result, "a task waits for nothing");
    return std::move(*result);
  }
  /// Everything that falls due within this time.
  void pass(Nanos time) {
    const Nanos until = bench_.timeline.now() + time;
    bench_.timeline.at(until, simulation::Owner::process, [] {});
    while (step(until)) {
    }
  }
  /// What can run without time passing.
  void settle() { pass(Nanos{0}); }

 private:
  bool step(Nanos limit) {
    io().restart();
    return io().poll() > 0 || bench_.timeline.run_next(limit);
  }

  simulation::Workbench bench_;
  simulation::SimClock clock_{bench_.life, bench_.clocks};
};

}  // namespace sluice::pipeline
