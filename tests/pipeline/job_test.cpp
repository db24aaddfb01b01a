#include "pipeline/job.hpp"

#include <gtest/gtest.h>

#include "fake_clock.hpp"
#include "pipeline/after_answer.hpp"

namespace sluice::pipeline {
namespace {

using records::Outcome;
using namespace std::chrono_literals;

TEST(ExitCode, IsZeroOnlyWhereEveryOrderWasAcceptedOrIsADuplicateOfOneThatWas) {
  ports::Counts counts;
  EXPECT_EQ(exit_code(counts), 0);
  for (const auto outcome : records::kEveryOutcome) {
    ports::Counts one;
    one[outcome] = 1;
    const bool placed =
        outcome == Outcome::accepted || outcome == Outcome::accepted_earlier || outcome == Outcome::duplicate;
    EXPECT_EQ(exit_code(one), placed ? 0 : 1) << records::name(outcome);
  }
}

class ToBoottime : public testing::Test {
 protected:
  Waiting waiting(std::optional<WallTime> not_before, std::optional<WallTime> lost_since = {}) {
    Waiting waiting{.batch = {.not_before = not_before}, .due = {}, .hold = {}};
    waiting.batch.past.lost_since = lost_since;
    to_boottime(waiting, clock, settings);
    return waiting;
  }

  FakeClock clock;
  config::Settings settings;
};

TEST_F(ToBoottime, ADelayThatTheLedgerHasIsKeptOverARestart) {
  EXPECT_EQ(waiting(clock.wall() + 10s).due, clock.now() + 10s);
  EXPECT_EQ(waiting(clock.wall() - 10s).due, clock.now()) << "it is over";
  EXPECT_LE(waiting(std::nullopt).due, clock.now());
}

TEST_F(ToBoottime, AWallClockThatWasSetBackMakesNoWaitLongerThanTheSettingsAllow) {
  EXPECT_EQ(waiting(clock.wall() + std::chrono::days(400)).due, clock.now() + longest_delay(settings));
  const auto set_forward = waiting({}, clock.wall() - std::chrono::days(400));
  EXPECT_EQ(set_forward.lost_since, clock.now() - settings.retry.outage);
}

TEST_F(ToBoottime, WhatIsKnownByTheBootClockStays) {
  Waiting known{.batch = {}, .due = {}, .hold = {}, .lost_since = clock.now() - 5min};
  known.batch.past.lost_since = clock.wall();
  to_boottime(known, clock, settings);
  EXPECT_EQ(known.lost_since, clock.now() - 5min);
  known.batch.past.lost_since.reset();
  to_boottime(known, clock, settings);
  EXPECT_EQ(known.lost_since, std::nullopt);
}

}  // namespace
}  // namespace sluice::pipeline
