// Where sending meets a restart, a midnight and a cap.
#include <gtest/gtest.h>

#include "sending_line.hpp"

namespace sluice::pipeline {
namespace {

using records::Outcome;
using namespace std::chrono_literals;

using SenderEdges = SendingLine;

TEST_F(SenderEdges, AfterARestartAResendStillWaitsForTheRepeatGuard) {
  plan(uids(1), 1);
  auto batch = left(1);
  batch.not_before = clock.wall() + 40s;
  ledger.put(batch);
  const auto restarted = clock.now();
  begin();
  clock.pass(10min);
  ASSERT_EQ(api.starts.size(), 1);
  EXPECT_GE(api.starts[0] - restarted, 40s);
}

TEST_F(SenderEdges, ABatchThatACrashLeftSendingWaitsForTheRepeatGuardToo) {
  plan(uids(1), 1);
  auto batch = left(1);
  batch.past.maybe_applied = false;
  batch.state = ports::BatchState::sending;
  ledger.put(batch);
  const auto restarted = clock.now();
  begin();
  clock.pass(10min);
  ASSERT_EQ(api.starts.size(), 1);
  EXPECT_GE(api.starts[0] - restarted, settings.retry.first_delay);
}

TEST_F(SenderEdges, AnOrderWhoseEndHasPassedSinceItWasReadIsNotSent) {
  plan(uids(2), 2);
  clock.set_wall(std::chrono::sys_days{std::chrono::year{2032} / 1 / 15});
  begin();
  clock.pass(1min);
  EXPECT_TRUE(api.bodies.empty());
  EXPECT_EQ(settled(Outcome::invalid), 2);
}

TEST_F(SenderEdges, AResendIsNotJudgedAgainThoughItsEndHasPassed) {
  plan(uids(2), 2);
  left(1);
  clock.set_wall(std::chrono::sys_days{std::chrono::year{2032} / 1 / 15});
  begin();
  clock.pass(1min);
  EXPECT_EQ(api.bodies.size(), 1);
}

TEST_F(SenderEdges, AResendThatNeverLeftGivesBackNoRoomOfTheDayThatItNeverTook) {
  settings.guard.max_orders_per_day = 3;
  plan(uids(3), 3);
  plan({2001, 2002}, 2, kOther);
  int tries = 0;
  api.script = [&tries](const auto& body) -> ScriptedUpstream::Reply {
    if (++tries == 1) return ScriptedUpstream::lost();
    if (tries < 6) return std::unexpected(ports::Broken{.bytes_out = false, .error = {ErrorKind::network, "gone"}});
    return ScriptedUpstream::say(body);
  };
  begin();
  clock.pass(1h);
  EXPECT_GE(tries, 6);
  EXPECT_EQ(settled(Outcome::accepted), 3);
  for (const auto& body : api.bodies) EXPECT_FALSE(body.contains("\"2001\"")) << "the day's three have gone out";
}

TEST_F(SenderEdges, AFirstSendCountsForTheDayWithItsAnnouncementAndNoLongerWhenNothingLeft) {
  const auto today = day_number(api_day(clock.wall()));
  plan(uids(2), 2);
  std::vector<std::uint64_t> counts;
  int tries = 0;
  api.script = [&](const auto& body) -> ScriptedUpstream::Reply {
    counts.push_back(ledger.store.first_sends(today));
    if (++tries == 1) return std::unexpected(ports::Broken{.bytes_out = false, .error = {ErrorKind::network, "gone"}});
    if (tries == 2) return ScriptedUpstream::lost();
    return ScriptedUpstream::say(body);
  };
  ledger.committed = [&](const auto& changes) {
    const auto* put = std::get_if<ports::PutBatches>(&changes.front());
    if (put && put->batches[0].past.sends == 0) EXPECT_EQ(ledger.store.first_sends(today), 0) << "withdrawn";
  };
  begin();
  clock.pass(1h);
  EXPECT_EQ(settled(Outcome::accepted), 2);
  EXPECT_EQ(counts, (std::vector<std::uint64_t>{2, 2, 2}));
}

TEST_F(SenderEdges, WhatAnotherHostCountedMeanwhileRefusesAnAnnouncementAndIsReadOnce) {
  settings.guard.max_orders_per_day = 5;
  ledger.store.apply({ports::CountFirstSends{day_number(api_day(clock.wall())), 3}});  // and nobody was told
  plan(uids(4), 1);
  begin();
  clock.pass(1min);
  EXPECT_EQ(settled(Outcome::accepted), 2);
  EXPECT_EQ(facts_read, 1);
  EXPECT_TRUE(journal.trouble().empty()) << "nothing is wrong with the ledger";
}

TEST_F(SenderEdges, TheDaysOrdersThatTheLedgerHasCountAgainstTheCap) {
  settings.guard.max_orders_per_day = 5;
  sender.set_day(day_number(api_day(clock.wall())), 3);
  plan(uids(10), 10);
  begin();
  clock.pass(1min);
  EXPECT_EQ(settled(Outcome::accepted), 2);
}

}  // namespace
}  // namespace sluice::pipeline
