#include <gtest/gtest.h>

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

TEST(Throttled, WidensByTenPercentOnceAnEpisode) {
  GateState state = gate();
  throttled(state, kStart + 100ms, kStart + 300ms, 2s);
  throttled(state, kStart + 200ms, kStart + 310ms, 2s);  // was in flight with the first
  EXPECT_DOUBLE_EQ(state.widening, 1.1);
  EXPECT_EQ(state.closed_until, kStart + 2310ms);
  throttled(state, kStart + 3s, kStart + 3100ms, 2s);
  EXPECT_DOUBLE_EQ(state.widening, 1.21);
}

TEST(Throttled, WidensNoFurtherThanFourfold) {
  GateState state = gate();
  for (int i = 1; i < 100; ++i) throttled(state, kStart + i * 10s, kStart + i * 10s, 2s);
  EXPECT_DOUBLE_EQ(state.widening, 4.0);
}

TEST(Recover, TakesOnePercentOffForTenCleanSeconds) {
  GateState state = gate();
  throttled(state, kStart, kStart, 2s);
  recover(state, kStart + 12s - 1ns);
  EXPECT_DOUBLE_EQ(state.widening, 1.1);
  recover(state, kStart + 12s);
  EXPECT_DOUBLE_EQ(state.widening, 1.089);
  recover(state, kStart + 15s);
  EXPECT_DOUBLE_EQ(state.widening, 1.089);
}

TEST(Recover, DoesNotCountThePauseAsClean) {
  GateState state = gate();
  throttled(state, kStart, kStart, 30min);
  recover(state, kStart + 30min);
  EXPECT_DOUBLE_EQ(state.widening, 1.1);
}

TEST(Recover, EndsAtTheNormalPace) {
  GateState state = gate();
  throttled(state, kStart, kStart, 2s);
  recover(state, kStart + 10h);
  EXPECT_DOUBLE_EQ(state.widening, 1.0);
}

}  // namespace
}  // namespace sluice::pacing
