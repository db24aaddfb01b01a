#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <set>
#include <string>

#include "sluice/adapters/clock/system_clock.hpp"

namespace sluice::adapters::clock {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using Timer = ports::Clock::Timer;

class SystemClock : public testing::Test {
 protected:
  asio::io_context context_;
  std::unique_ptr<ports::Clock> clock_ = system_clock(context_.get_executor()).value();
  std::string log_;

  void run() {
    context_.restart();
    context_.run();
  }
  void poll() {
    context_.restart();
    context_.poll();
  }
  ports::Task<void> wait_and_note(Timer& timer, Boottime until, char mark) {
    co_await timer.wait(until);
    log_ += mark;
  }
  void spawn(Timer& timer, Boottime until, char mark) {
    asio::co_spawn(context_, wait_and_note(timer, until, mark), [](std::exception_ptr e) {
      if (e) std::rethrow_exception(e);
    });
  }
};

TEST_F(SystemClock, NeverWakesEarlyAndBarelyLate) {
  const auto timer = clock_->timer();
  Nanos best_lateness = 1h;
  // The best of many: the machine may be busy, the clock must not be the reason.
  for (int i = 0; i < 20 || (best_lateness >= 1ms && i < 5000); ++i) {
    const Boottime until = clock_->now() + 2ms;
    spawn(*timer, until, 'x');
    run();
    const Nanos late = clock_->now() - until;
    ASSERT_GE(late, 0ns);
    best_lateness = std::min(best_lateness, late);
  }
  EXPECT_LT(best_lateness, 1ms);
}

TEST_F(SystemClock, WakesInTheOrderOfDueTimesAndNotOfWaiting) {
  const auto a = clock_->timer(), b = clock_->timer(), c = clock_->timer();
  bool all_wait = false;  // on a busy machine the first may be due before they do
  while (!all_wait) {
    log_.clear();
    const Boottime now = clock_->now();
    spawn(*a, now + 30ms, 'a');
    spawn(*b, now + 10ms, 'b');
    spawn(*c, now + 20ms, 'c');
    poll();
    all_wait = log_.empty() && clock_->now() < now + 10ms;
    run();
  }
  EXPECT_EQ(log_, "bca");
}

TEST_F(SystemClock, AnEarlierWaitIsNotHeldUpByALaterOneThatCameFirst) {
  const auto later = clock_->timer(), earlier = clock_->timer();
  const Boottime late = clock_->now() + 24h;
  spawn(*later, late, 'l');
  spawn(*earlier, clock_->now() + 2ms, 'e');
  while (log_.empty()) context_.run_one();
  EXPECT_EQ(log_, "e");
  EXPECT_LT(clock_->now(), late);
  later->wake();
  run();
}

TEST_F(SystemClock, AWaitThatBeginsWhileAnotherIsBeingWokenIsNotForgotten) {
  const auto first = clock_->timer(), second = clock_->timer();
  const Boottime soon = clock_->now() + 2ms;
  spawn(*first, soon, '1');
  spawn(*second, soon, '2');
  context_.run_one();  // both wait now, or the first does
  while (log_.empty()) context_.run_one();
  spawn(*first, clock_->now() + 2ms, '3');
  run();
  EXPECT_EQ(log_, "123");
}

TEST_F(SystemClock, ATimeGoneByDoesNotWait) {
  const auto timer = clock_->timer();
  spawn(*timer, Boottime{}, 'x');
  poll();
  EXPECT_EQ(log_, "x");
}

TEST_F(SystemClock, WakeEndsTheWaitAndLeavesNoWorkBehind) {
  const auto timer = clock_->timer();
  spawn(*timer, clock_->now() + 24h, 'x');
  poll();
  EXPECT_EQ(log_, "");
  timer->wake();
  run();  // returns: nothing is left to wait for
  EXPECT_EQ(log_, "x");
}

TEST_F(SystemClock, AWaitThatWasEndedWakesNothingWhenItWouldHaveComeDue) {
  const auto soon = clock_->timer(), late = clock_->timer();
  spawn(*soon, clock_->now() + 50ms, 's');
  spawn(*late, clock_->now() + 24h, 'l');
  poll();
  soon->wake();
  poll();
  ASSERT_EQ(log_, "s");
  context_.restart();
  EXPECT_EQ(context_.run_one_for(100ms), 0U);
  late->wake();
  run();
}

TEST_F(SystemClock, AWakeBeforeTheWaitCountsOnce) {
  const auto timer = clock_->timer();
  timer->wake();
  timer->wake();
  spawn(*timer, clock_->now() + 24h, '1');
  poll();
  EXPECT_EQ(log_, "1");
  spawn(*timer, clock_->now() + 24h, '2');
  poll();
  EXPECT_EQ(log_, "1");
  timer->wake();
  run();
  EXPECT_EQ(log_, "12");
}

ports::Task<void> sleep_for_a_day(std::unique_ptr<Timer> timer) {
  co_await timer->wait(boottime_now() + 24h);
}

TEST_F(SystemClock, AWaitMayEndWithItsContext) {
  asio::co_spawn(context_, sleep_for_a_day(clock_->timer()), [](std::exception_ptr) {});
  poll();
  clock_.reset();  // the coroutine still waits; its context dies with the test, and the address sanitizer watches
}

TEST_F(SystemClock, ManyTimersTakeOneDescriptor) {
  std::vector<std::unique_ptr<Timer>> timers;
  for (int i = 0; i < 5000; ++i) {
    timers.push_back(clock_->timer());
    spawn(*timers.back(), clock_->now() + 1ms + i * 1us, 'x');
  }
  run();
  EXPECT_EQ(log_.size(), 5000U);
}

TEST_F(SystemClock, RandomBitsDiffer) {
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 100; ++i) seen.insert(clock_->random());
  EXPECT_EQ(seen.size(), 100U);
}

TEST_F(SystemClock, WallTimeIsUtcNow) {
  const auto before = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto wall = clock_->wall();
  EXPECT_LE(before, wall);
  EXPECT_LE(wall, std::chrono::system_clock::now());
}

}  // namespace
}  // namespace sluice::adapters::clock
