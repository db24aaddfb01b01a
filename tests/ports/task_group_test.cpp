#include "sluice/ports/task_group.hpp"

#include <gtest/gtest.h>

#include "../pipeline/fake_clock.hpp"

namespace sluice::ports {
namespace {

using namespace std::chrono_literals;
using pipeline::FakeClock;

Task<void> sleep(FakeClock& clock, Nanos time, int& ended) {
  auto timer = clock.timer();
  co_await timer->wait(clock.now() + time);
  ++ended;
}

Task<int> joined(TaskGroup& group, const int& ended) {
  co_await group.join();
  co_return ended;
}

Task<void> spawn_another(FakeClock& clock, TaskGroup& group, int& ended) {
  group.spawn(sleep(clock, 5s, ended));
  co_return;
}

TEST(TaskGroup, JoinReturnsWhenTheLastChildHasEnded) {
  FakeClock clock;
  TaskGroup group(clock.io().get_executor(), clock);
  int ended = 0;
  for (const auto time : {3s, 1s, 2s}) group.spawn(sleep(clock, time, ended));
  EXPECT_EQ(group.size(), 3);
  const auto began = clock.now();
  EXPECT_EQ(clock.run(joined(group, ended)), 3);
  EXPECT_EQ(clock.now(), began + 3s);
  EXPECT_EQ(group.size(), 0);
}

TEST(TaskGroup, JoinOfNobodyReturnsAtOnce) {
  FakeClock clock;
  TaskGroup group(clock.io().get_executor(), clock);
  const auto began = clock.now();
  EXPECT_EQ(clock.run(joined(group, 0)), 0);
  EXPECT_EQ(clock.now(), began);
}

TEST(TaskGroup, AChildOfAChildIsWaitedForToo) {
  FakeClock clock;
  TaskGroup group(clock.io().get_executor(), clock);
  int ended = 0;
  group.spawn(spawn_another(clock, group, ended));
  EXPECT_EQ(clock.run(joined(group, ended)), 1);
}

TEST(TaskGroupDeathTest, DyingWithChildrenAborts) {
  EXPECT_DEATH(
      {
        FakeClock clock;
        int ended = 0;
        TaskGroup group(clock.io().get_executor(), clock);
        group.spawn(sleep(clock, 1s, ended));
      },
      "a task group died with children");
}

Task<void> throws() {
  throw std::runtime_error("out of a library");
  co_return;
}

TEST(TaskGroupDeathTest, AnExceptionOutOfATaskAborts) {
  EXPECT_DEATH(
      {
        FakeClock clock;
        TaskGroup group(clock.io().get_executor(), clock);
        group.spawn(throws());
        clock.settle();
      },
      "an exception left a task");
}

}  // namespace
}  // namespace sluice::ports
