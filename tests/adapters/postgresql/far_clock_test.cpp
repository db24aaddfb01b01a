#include "postgresql/far_clock.hpp"

#include <gtest/gtest.h>

namespace sluice::adapters::postgresql {
namespace {

using namespace std::chrono_literals;

constexpr Boottime kStart{1h};
constexpr Nanos kAhead = 500'000h;

TEST(FarClock, IsNeverTakenToBeLessAheadThanItIs) {
  FarClock clock;
  for (const auto& [there, back] :
       {std::pair{3ms, 1ms}, std::pair{1ms, 3ms}, std::pair{9ms, 0ms}, std::pair{2ms, 2ms}}) {
    const auto told = kStart.time_since_epoch() + there + kAhead;
    clock.learn(kStart, kStart + there + back, told);
    EXPECT_GE(clock.ahead(kStart + there + back), kAhead);
    EXPECT_GE(clock.ahead(kStart + 1h), kAhead + 1h / 2'000) << "as far as clocks may drift apart meanwhile";
  }
  EXPECT_LE(clock.ahead(kStart + 4ms), kAhead + 2ms) << "the quickest answer is believed";
}

TEST(FarClock, ThatWasSetIsBelievedAtOnce) {
  FarClock clock;
  clock.learn(kStart, kStart + 1ms, kStart.time_since_epoch() + kAhead + 1ms);
  const Boottime later = kStart + 1s;
  clock.learn(later, later + 2ms, later.time_since_epoch() + kAhead + 1h);
  EXPECT_GE(clock.ahead(later), kAhead + 1h);
}

TEST(Moved, BackIsWhatItWas) {
  auto state = pacing::fresh({10, 1s}, "boot", kStart, true);
  const auto taken = pacing::take(state, kStart + 2s, 1, 3);
  ASSERT_EQ(taken.slots, 1);
  pacing::throttled(state, kStart + 2s, kStart + 2s, 5s);
  EXPECT_EQ(moved(moved(state, kAhead), -kAhead), state);
  EXPECT_EQ(moved(state, kAhead).next_start, state.next_start + kAhead);
  EXPECT_EQ(moved(state, kAhead).episode_until, pacing::kLasting);
  EXPECT_EQ(moved(state, kAhead).groups[0].anchor, state.groups[0].anchor);
}

class TakeBack : public ::testing::Test {
 protected:
  static std::uint32_t open(const pacing::GateState& state) {
    std::uint32_t slots = 0;
    for (const auto& group : state.groups) slots += group.open[kMe];
    return slots;
  }
  static constexpr std::uint32_t kMe = 2;
  pacing::GateState before = pacing::fresh({10, 1s}, "boot", kStart, false);
};

TEST_F(TakeBack, ClosesASlotThatWasTakenAndNeverUsed) {
  auto after = before;
  ASSERT_EQ(pacing::take(after, kStart, 1, kMe).slots, 1);
  auto now = after;
  ASSERT_EQ(pacing::take(now, kStart + 1s, 1, 5).slots, 1);
  take_back(now, before, after, kMe);
  EXPECT_EQ(open(now), 0);
  EXPECT_EQ(now.groups[(now.newest) % 10].open[5], 1) << "another's stays open";
}

TEST_F(TakeBack, OpensWhatWillBeSettledAgain) {
  const auto taken = pacing::take(before, kStart, 1, kMe);
  auto after = before;
  pacing::settle(after, taken.slot, kStart + 1ms);
  auto now = after;
  take_back(now, before, after, kMe);
  EXPECT_EQ(open(now), 1);
  now = after;
  now.groups[taken.slot.group % 10] = {.anchor = kStart + 5s, .taken = 1, .open = {}};
  take_back(now, before, after, kMe);
  EXPECT_EQ(open(now), 0) << "another group has its place: nobody would ever settle it";
}

}  // namespace
}  // namespace sluice::adapters::postgresql
