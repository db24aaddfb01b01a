#include <gtest/gtest.h>

#include <vector>

#include "sluice/pacing/gate.hpp"

namespace sluice::pacing {
namespace {

using namespace std::chrono_literals;

const Boottime kStart{1000s};

GateState gate() {
  return fresh({}, "boot", kStart, false);
}

TEST(Throttled, ClosesTheGateForThePause) {
  GateState state = gate();
  throttled(state, kStart, kStart + 20ms, 2s);
  const Take early = take(state, kStart + 2s, 1, 0);
  EXPECT_EQ(early.slots, 0U);
  EXPECT_EQ(early.wait_until, kStart + 2020ms);
  EXPECT_EQ(take(state, kStart + 2020ms, 1, 0).slots, 1U);
}

TEST(Throttled, NeverShortensAPause) {
  GateState state = gate();
  throttled(state, kStart, kStart, 60s);
  throttled(state, kStart, kStart + 1s, 2s);
  EXPECT_EQ(state.closed_until, kStart + 60s);
}

TEST(Throttled, BelievesNoPauseAboveAnHour) {
  GateState state = gate();
  throttled(state, kStart, kStart, 24h * 365);
  EXPECT_EQ(state.closed_until, kStart + 1h);
}

TEST(Throttled, AClosureWithoutAWordOfItsLengthIsPolledEverMoreRarely) {
  Nanos pause{0};
  std::vector<Nanos> pauses;
  for (int i = 0; i < 5; ++i) pauses.push_back(pause = next_pause(pause, 10s));
  EXPECT_EQ(pauses, (std::vector<Nanos>{2s, 4s, 8s, 10s, 10s}));
}

TEST(Throttled, OneClosureIsOneEpisodeItsPollsIncluded) {
  GateState state = gate();
  throttled(state, kStart + 100ms, kStart + 300ms, 2s);
  throttled(state, kStart + 200ms, kStart + 310ms, 2s);  // was in flight with the first
  EXPECT_DOUBLE_EQ(state.widening, 1.1);
  EXPECT_EQ(state.closed_until, kStart + 2310ms);
  for (auto poll = kStart + 3s; poll < kStart + 1min; poll += 4s) throttled(state, poll, poll + 100ms, 2s);
  EXPECT_DOUBLE_EQ(state.widening, 1.1) << "found closed again and again: the same closure";
}

TEST(Throttled, AClosureThatEndedAndBeginsAgainIsAnotherEpisode) {
  GateState state = gate();
  throttled(state, kStart, kStart, 2s);
  clean(state, kStart + 1s, kStart + 3s);  // had started before the gate closed for everybody
  throttled(state, kStart + 4s, kStart + 4s, 2s);
  EXPECT_DOUBLE_EQ(state.widening, 1.1);
  clean(state, kStart + 7s, kStart + 8s);
  throttled(state, kStart + 7500ms, kStart + 8s, 2s);
  EXPECT_DOUBLE_EQ(state.widening, 1.1) << "was in flight when the closure ended";
  clean(state, kStart + 11s, kStart + 12s);
  throttled(state, kStart + 13s, kStart + 13s, 2s);
  EXPECT_DOUBLE_EQ(state.widening, 1.21);
}

TEST(Throttled, WidensNoFurtherThanFourfold) {
  GateState state = gate();
  for (int i = 1; i < 100; ++i) {
    throttled(state, kStart + i * 10s, kStart + i * 10s, 2s);
    clean(state, kStart + i * 10s + 3s, kStart + i * 10s + 4s);
  }
  EXPECT_DOUBLE_EQ(state.widening, 4.0);
}

TEST(ArrivalMargin, IsFullAfterOneEpisodeAndHalfOfThatAfterACleanMinute) {
  GateState state = gate();
  EXPECT_EQ(arrival_margin(state), 20ms);
  throttled(state, kStart, kStart, 2s);
  EXPECT_EQ(arrival_margin(state), 250ms);
  clean(state, kStart + 62s, kStart + 62s);
  EXPECT_NEAR(static_cast<double>(arrival_margin(state).count()), 135e6, 1e5);
  clean(state, kStart + 10min, kStart + 10min);
  EXPECT_EQ(arrival_margin(state), 20ms);
}

TEST(ArrivalMargin, IsNeverMoreThanWhatIsAssumedWithoutAnyProof) {
  GateState state = gate();
  state.widening = 4;
  EXPECT_EQ(arrival_margin(state), kUnknownArrival);
}

TEST(Widen, WidensOnceForWhatWasInFlightAndClosesNothing) {
  GateState state = gate();
  widen(state, kStart, kStart + 50ms);
  widen(state, kStart + 10ms, kStart + 60ms);
  EXPECT_DOUBLE_EQ(state.widening, 1.1);
  EXPECT_EQ(take(state, kStart + 60ms, 1, 0).slots, 1U);
  widen(state, kStart + 1s, kStart + 1s);
  EXPECT_DOUBLE_EQ(state.widening, 1.21);
}

TEST(Clean, TakesHalfOfTheExcessOffForACleanMinute) {
  GateState state = gate();
  throttled(state, kStart, kStart, 2s);
  clean(state, kStart + 2s, kStart + 12s - 1ns);
  EXPECT_DOUBLE_EQ(state.widening, 1.1);
  clean(state, kStart + 2s, kStart + 62s);
  EXPECT_NEAR(state.widening, 1.05, 1e-5);
  clean(state, kStart + 2s, kStart + 122s);
  EXPECT_NEAR(state.widening, 1.025, 1e-5);
}

TEST(Clean, DoesNotCountThePauseAsClean) {
  GateState state = gate();
  throttled(state, kStart, kStart, 30min);
  clean(state, kStart, kStart + 30min);
  EXPECT_DOUBLE_EQ(state.widening, 1.1);
}

TEST(Clean, EndsAtTheNormalPaceWithinMinutes) {
  GateState state = gate();
  for (int i = 1; i < 100; ++i) widen(state, kStart + i * 1s, kStart + i * 1s);
  ASSERT_DOUBLE_EQ(state.widening, 4.0);
  clean(state, kStart + 100s, kStart + 100s + 10min);
  EXPECT_DOUBLE_EQ(state.widening, 1.0);
}

}  // namespace
}  // namespace sluice::pacing
