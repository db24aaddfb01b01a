#include "sluice/pacing/gate.hpp"

#include <gtest/gtest.h>

#include "pacing/ring.hpp"

namespace sluice::pacing {
namespace {

using namespace std::chrono_literals;

constexpr Rate kTen{.requests = 10, .per = 1s};
const Boottime kStart{1000s};

GateState gate(Rate rate = kTen) {
  return fresh(rate, "boot", kStart, false);
}

/// Takes `count` slots one after the other as early as the gap lets it, settled with an anchor `latency` after each.
Boottime take_and_settle(GateState& state, Boottime now, int count, Nanos latency) {
  for (int i = 0; i < count; ++i) {
    now = std::max(now, state.next_start);
    const Take taken = take(state, now, 1, 0);
    EXPECT_EQ(taken.slots, 1U) << "slot " << i;
    settle(state, taken.slot, now + latency);
  }
  return now;
}

TEST(Gate, GivesTheFirstSlotAtOnce) {
  GateState state = gate();
  const Take taken = take(state, kStart, 5, 3);
  EXPECT_EQ(taken.slots, 1U);
  EXPECT_EQ(taken.slot.start, kStart);
  EXPECT_EQ(taken.slot.participant, 3U);
}

TEST(Gate, KeepsStartsOneHundredAndOneMillisecondsApart) {
  GateState state = gate();
  ASSERT_EQ(take(state, kStart, 1, 0).slots, 1U);
  const Take early = take(state, kStart + 101ms - 1ns, 1, 0);
  EXPECT_EQ(early.slots, 0U);
  EXPECT_EQ(early.wait_until, kStart + 101ms);
  EXPECT_FALSE(early.waits_for_anchor);
  EXPECT_EQ(take(state, kStart + 101ms, 1, 0).slots, 1U);
}

TEST(Gate, DoesNotCatchUpAfterLateness) {
  GateState state = gate();
  ASSERT_EQ(take(state, kStart, 1, 0).slots, 1U);
  ASSERT_EQ(take(state, kStart + 500ms, 1, 0).slots, 1U);
  EXPECT_EQ(take(state, kStart + 600ms, 1, 0).wait_until, kStart + 601ms);
}

TEST(Gate, WaitsAWindowFromTheAnchorOfTheSlotOneLimitAgo) {
  GateState state = gate();
  ASSERT_EQ(take(state, kStart, 1, 0).slots, 1U);
  settle(state, {.group = state.newest, .participant = 0, .start = kStart}, kStart + 50ms);
  const Boottime last = take_and_settle(state, kStart, 9, 50ms);
  ASSERT_EQ(last, kStart + 909ms);
  EXPECT_EQ(window_until(state), kStart + 1052ms);
  const Take early = take(state, kStart + 1052ms - 1ns, 1, 0);
  EXPECT_EQ(early.slots, 0U);
  EXPECT_EQ(early.wait_until, kStart + 1052ms);
  EXPECT_FALSE(early.waits_for_anchor);
  EXPECT_EQ(take(state, kStart + 1052ms, 1, 0).slots, 1U);
}

TEST(Gate, WaitsForAnAnswerThatIsStillOut) {
  GateState state = gate();
  const Take first = take(state, kStart, 1, 0);
  take_and_settle(state, kStart, 9, 50ms);
  const Take blocked = take(state, kStart + 30s, 1, 0);
  EXPECT_EQ(blocked.slots, 0U);
  EXPECT_TRUE(blocked.waits_for_anchor);
  EXPECT_GT(blocked.wait_until, kStart + 30s);
  settle(state, first.slot, kStart + 30s);
  EXPECT_EQ(take(state, kStart + 31002ms - 1ns, 1, 0).slots, 0U);
  EXPECT_EQ(take(state, kStart + 31002ms, 1, 0).slots, 1U);
}

TEST(Gate, KnowsOfNoWindowThatIsLaterThanTheSlot) {
  for (const Rate rate : {kTen, Rate{.requests = 300, .per = 1s}}) {
    GateState state = gate(rate);
    Boottime now = kStart;
    for (std::uint32_t i = 0; i < 3 * rate.requests; ++i) {
      const auto known = window_until(state);
      EXPECT_TRUE(i >= rate.requests / 2 || known == Boottime{}) << "nothing stands against the first slots";
      Take taken = take(state, now, 1, 0);
      while (taken.slots == 0) taken = take(state, now = taken.wait_until, 1, 0);
      ASSERT_LE(known, now) << "slot " << i;
      settle(state, taken.slot, now + 40ms * (i % 3));
    }
  }
}

TEST(Gate, TakesAnAnchorThatLiesAhead) {
  GateState state = gate({.requests = 1, .per = 1s});
  const Take taken = take(state, kStart, 1, 0);
  settle(state, taken.slot, kStart + 250ms);
  EXPECT_EQ(take(state, kStart + 1100ms, 1, 0).wait_until, kStart + 1252ms);
}

TEST(Gate, IgnoresASlotOfALostState) {
  GateState state = gate();
  const Take lost = take(state, kStart, 1, 0);
  state = fresh(kTen, "boot", kStart + 2s, false);
  ASSERT_EQ(take(state, kStart + 2s, 1, 0).slots, 1U);  // at the same place of the ring, by the same participant
  const GateState before = state;
  settle(state, lost.slot, kStart + 3s);
  EXPECT_EQ(state, before);
}

TEST(Gate, IgnoresASecondSettlingOfASlot) {
  GateState state = gate();
  const Take taken = take(state, kStart, 1, 0);
  settle(state, taken.slot, kStart + 10ms);
  const GateState before = state;
  settle(state, taken.slot, kStart + 900ms);
  EXPECT_EQ(state, before);
}

TEST(Gate, BuriesWhatADeadParticipantHeldAndNothingElse) {
  GateState state = gate({.requests = 2, .per = 1s});
  take(state, kStart, 1, 0);
  const Take alive = take(state, kStart + 505ms, 1, 1);
  bury(state, 0, kStart + 600ms);
  const Take early = take(state, kStart + 1852ms - 1ns, 1, 1);
  EXPECT_EQ(early.wait_until, kStart + 1852ms);  // 600 + 250 + 1002
  EXPECT_EQ(take(state, kStart + 1852ms, 1, 1).slots, 1U);
  EXPECT_TRUE(take(state, kStart + 60s, 1, 1).waits_for_anchor) << "the living one's slot was buried, too";
  settle(state, alive.slot, kStart + 60s);
  EXPECT_EQ(take(state, kStart + 61002ms, 1, 1).slots, 1U);
}

TEST(Gate, BuriesInAGroupThatTwoShare) {
  GateState state = gate({.requests = 256, .per = 1s});  // two slots a group
  take(state, kStart, 1, 0);
  const Take second = take(state, kStart + 5ms, 1, 1);
  ASSERT_EQ(second.slots, 1U);
  bury(state, 0, kStart + 1s);
  const Group& group = state.groups[second.slot.group % kMaxGroups];
  EXPECT_EQ(group.open[0], 0U);
  EXPECT_EQ(group.open[1], 1U);
  EXPECT_EQ(group.anchor, kStart + 1250ms);
  settle(state, second.slot, kStart + 20ms);
  EXPECT_EQ(group.anchor, kStart + 1250ms) << "the newest anchor counts";
}

TEST(Gate, WaitsOneWindowWhenItsPastIsUnknown) {
  GateState state = fresh(kTen, "boot", kStart, true);
  const Take early = take(state, kStart + 1252ms - 1ns, 1, 0);
  EXPECT_EQ(early.slots, 0U);
  EXPECT_EQ(early.wait_until, kStart + 1252ms);
  EXPECT_EQ(take(state, kStart + 1252ms, 1, 0).slots, 1U);
}

TEST(Gate, GivesTogetherWhatFallsDueWithinAMillisecond) {
  GateState state = gate({.requests = 100'000, .per = 1s});
  const Take taken = take(state, kStart, 1'000, 0);
  EXPECT_EQ(taken.slots, 100U);  // 1 ms / 10.1 us, and the one due now
  EXPECT_EQ(state.next_start, kStart + 1010us);
  EXPECT_EQ(take(state, kStart, 1'000, 0).slots, 0U);
  EXPECT_EQ(take(state, kStart + 600us, 20, 0).slots, 20U) << "no more than wanted";
  EXPECT_EQ(take(state, kStart + 600us, 1'000, 0).slots, 39U) << "what is left of the millisecond";
}

TEST(Gate, ForgivesAtFineGapsATimerThatWakesHalfAMillisecondLate) {
  GateState state = gate({.requests = 100'000, .per = 1s});
  std::uint32_t slots = 0;
  for (Boottime now = kStart; now < kStart + 500ms;) {
    const Take taken = take(state, now, 1'000, 0);
    slots += taken.slots;
    if (taken.slots == 0) now = taken.wait_until + 450us;
  }
  EXPECT_GT(slots, 49'000U);
  EXPECT_LT(slots, 50'000U);
}

TEST(Gate, DoesNotGiveTogetherAboveAMillisecond) {
  GateState state = gate({.requests = 1'000, .per = 1s});
  EXPECT_EQ(take(state, kStart, 100, 0).slots, 1U);
  EXPECT_EQ(take(state, kStart + 1010us - 1ns, 100, 0).slots, 0U);
}

TEST(Gate, StretchesTheGapByTheWidening) {
  GateState state = gate();
  state.widening = 1.5;
  ASSERT_EQ(take(state, kStart, 1, 0).slots, 1U);
  EXPECT_EQ(take(state, kStart + 120ms, 1, 0).wait_until, kStart + 151'500us);
}

TEST(Gate, SaysWhenASlotWillBeDue) {
  GateState state = gate();
  EXPECT_EQ(due(state, kStart, 1), kStart);
  EXPECT_EQ(due(state, kStart, 3), kStart + 202ms);
  take(state, kStart, 1, 0);
  EXPECT_EQ(due(state, kStart, 1), kStart + 101ms);
  state.closed_until = kStart + 5s;
  EXPECT_EQ(due(state, kStart, 2), kStart + 5101ms);
}

TEST(Ring, NeverReachesPastTheLimit) {
  for (std::uint32_t requests = 1; requests <= kMaxRequests; requests += requests < 2'000 ? 1 : 997) {
    const Ring ring = ring_of({.requests = requests, .per = 1s});
    ASSERT_LE(ring.groups, kMaxGroups);
    ASSERT_LE(std::uint64_t{ring.groups} * ring.slots, requests);
    ASSERT_LE(ring.slots, 65'535U);
    ASSERT_LT(requests - std::uint64_t{ring.groups} * ring.slots, ring.slots) << "gives more away than it must";
  }
}

}  // namespace
}  // namespace sluice::pacing
