#include "sim_clock.hpp"

#include <gtest/gtest.h>

#include "workbench.hpp"

namespace sluice::simulation {
namespace {

using namespace std::chrono_literals;

ports::Task<Boottime> wait_on(ports::Clock& clock, ports::Clock::Timer& timer, Nanos span) {
  co_await timer.wait(clock.now() + span);
  co_return clock.now();
}

/// Its destructor tells that a frame was unwound.
struct Flag {
  bool& set;
  ~Flag() { set = true; }
};
ports::Task<int> wait_for_good(ports::Clock::Timer& timer, bool& unwound, bool& resumed) {
  const Flag flag{unwound};
  co_await timer.wait(Boottime::max());
  resumed = true;
  co_return 1;
}

TEST(SimClock, WaitsInVirtualTimeOnly) {
  Workbench bench;
  SimClock clock(bench.life, bench.clocks);
  const auto timer = clock.timer();
  EXPECT_EQ(bench.run(wait_on(clock, *timer, 24h)), Boottime{24h});
}

TEST(SimClock, CountsFromTheBootAndJumpsOnlyOnTheWall) {
  Workbench bench;
  bench.clocks.booted = 5s;
  bench.clocks.wall_jump = 10s;
  SimClock clock(bench.life, bench.clocks);
  bench.timeline.at(8s, Owner::world, [] {});
  bench.run_all();
  EXPECT_EQ(clock.now(), Boottime{3s});
  EXPECT_EQ(clock.wall(), bench.clocks.wall_base + 18s);
}

TEST(SimClock, AWakeEndsTheWait) {
  Workbench bench;
  SimClock clock(bench.life, bench.clocks);
  const auto timer = clock.timer();
  bench.timeline.at(1s, Owner::world, [&] { timer->wake(); });
  EXPECT_EQ(bench.run(wait_on(clock, *timer, 24h)), Boottime{1s});
}

TEST(SimClock, AWakeBeforeTheWaitEndsOnlyTheNextOne) {
  Workbench bench;
  SimClock clock(bench.life, bench.clocks);
  const auto timer = clock.timer();
  timer->wake();
  EXPECT_EQ(bench.run(wait_on(clock, *timer, 1h)), Boottime{0s});
  EXPECT_EQ(bench.run(wait_on(clock, *timer, 1h)), Boottime{1h});
}

TEST(SimClock, ADeadProcessIsUnwoundAndNeverResumed) {
  Workbench bench;
  SimClock clock(bench.life, bench.clocks);
  const auto timer = clock.timer();
  bool unwound = false;
  bool resumed = false;
  std::optional<int> result;
  bench.start(wait_for_good(*timer, unwound, resumed), result);
  bench.context.poll();
  EXPECT_FALSE(unwound);
  bench.kill();
  EXPECT_TRUE(unwound);
  EXPECT_FALSE(resumed);
  EXPECT_FALSE(result);
}

TEST(SimClock, ACrashFallsOnTheStepItWasPlannedFor) {
  for (std::uint64_t crash_at = 1; crash_at <= 2; ++crash_at) {
    Workbench bench(crash_at);
    SimClock clock(bench.life, bench.clocks);
    const auto timer = clock.timer();
    EXPECT_FALSE(bench.run(wait_on(clock, *timer, 1s)));
    EXPECT_TRUE(bench.life.dead());
    EXPECT_EQ(bench.life.steps(), crash_at);
  }
}

}  // namespace
}  // namespace sluice::simulation
