#include "pipeline/scheduler.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "sending_line.hpp"

namespace sluice::pipeline {
namespace {

using namespace std::chrono_literals;

/// A scheduler beside the line's own sender, which is not started.
class SchedulerTest : public SendingLine {
 protected:
  /// A surveyed job whose batches are in memory.
  void load(const std::vector<std::uint64_t>& uids, std::size_t batch, JobId id = kJob) {
    plan(uids, batch, id);
    job(id).grip = FileGrip::sure;
    job(id).loaded = BatchId{};
    clock.run(refill());
  }
  ports::Task<bool> refill() {
    co_await scheduler.refill();
    co_return true;
  }
  /// The batch whose turn it is, sent and forgotten; 0: none.
  std::uint64_t next() {
    auto choice = scheduler.next(0);
    return choice ? number(choice->waiting.batch.id) : 0;
  }
  Waiting& wait(JobId id, Waiting waiting) { return job(id).started.emplace_back(std::move(waiting)); }

  DayCap cap{settings};
  Scheduler scheduler{sending, cap};
};

TEST_F(SchedulerTest, JobsTakeTurns) {
  load(uids(4), 2);
  load(uids(4, 2001), 2, kOther);
  EXPECT_EQ(next(), 1);
  EXPECT_EQ(next(), 3);
  EXPECT_EQ(next(), 2);
  EXPECT_EQ(next(), 4);
  EXPECT_EQ(next(), 0);
}

TEST_F(SchedulerTest, WhatWasStartedGoesBeforeWhatIsFresh) {
  load(uids(2), 1);
  wait(kJob, {.batch = left(2), .due = {}, .hold = busy.hold({7})});
  EXPECT_EQ(next(), 2);
  EXPECT_EQ(next(), 1);
}

TEST_F(SchedulerTest, ADelayedBatchIsPassedOverUntilItIsDue) {
  load(uids(1), 1);
  job().fresh.clear();
  wait(kJob, {.batch = left(1), .due = clock.now() + 5s, .hold = busy.hold({7})});
  const auto none = scheduler.next(0);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error(), clock.now() + 5s) << "when to ask again";
  clock.pass(5s);
  EXPECT_EQ(next(), 1);
}

TEST_F(SchedulerTest, ABatchWithABusyKeyIsPassedOver) {
  load(uids(2), 1);
  job().fresh[0].batch.keys = {7};
  job().fresh[1].batch.keys = {8};
  const auto hold = busy.hold({7});
  EXPECT_EQ(next(), 2);
  EXPECT_EQ(next(), 0);
}

TEST_F(SchedulerTest, AnOrderNeverOvertakesAnEarlierOneOfItsKey) {
  load(uids(3), 1);
  job().fresh[0].batch.keys = {7};
  job().fresh[0].due = clock.now() + 1min;
  job().fresh[1].batch.keys = {7};
  job().fresh[2].batch.keys = {8};
  EXPECT_EQ(next(), 3);
  EXPECT_EQ(next(), 0);
  clock.pass(1min);
  EXPECT_EQ(next(), 1);
}

TEST_F(SchedulerTest, NothingIsAnnouncedLongBeforeItsSlot) {
  load(uids(2), 1);
  const auto first = scheduler.next(0);
  ASSERT_TRUE(first);
  const auto second = scheduler.next(1);
  ASSERT_FALSE(second);
  EXPECT_GT(second.error(), clock.now() + 50ms) << "the second slot is due a tenth of a second later";
  EXPECT_LT(second.error(), clock.now() + 150ms);
}

TEST_F(SchedulerTest, NoMoreAreInFlightThanTheSettingsAllow) {
  load(uids(1), 1);
  const auto none = scheduler.next(settings.upstream.max_in_flight);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error(), Boottime::max());
}

TEST_F(SchedulerTest, AJobWhoseStartedBatchesAreUnknownStopsAll) {
  load(uids(1), 1);
  job(kOther).header.state = ports::JobState::sending;
  EXPECT_EQ(next(), 0) << "it may have one of these uids under way";
  job(kOther).grip = FileGrip::lost;
  EXPECT_EQ(next(), 1) << "its keys are busy";
}

TEST_F(SchedulerTest, OneProbeAtATimeAndOnHoldItRisksOneOrder) {
  settings.retry.in_doubt = config::InDoubt::hold;
  load(uids(8), 4);
  breaker.unreachable({ErrorKind::network, "no route"}, clock.now(), clock.wall(), 0);
  EXPECT_EQ(next(), 0);
  clock.pass(settings.retry.first_delay + 1s);
  const auto probe = scheduler.next(0);
  ASSERT_TRUE(probe);
  EXPECT_TRUE(probe->probe);
  EXPECT_EQ(probe->most_rows, 1);
  EXPECT_EQ(next(), 0);
}

TEST_F(SchedulerTest, BatchesSideBySideKeepADaysCapTogether) {
  settings.guard.max_orders_per_day = 3;
  load(uids(6), 2);
  auto first = scheduler.next(0);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->most_rows, 2);
  first->before_slot.end();
  auto second = scheduler.next(1);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->most_rows, 1);
  second->before_slot.end();
  const auto third = scheduler.next(2);
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error(), clock.now() + 12h) << "midnight";
  EXPECT_NE(job().waits.find("max_orders_per_day (3) is reached"), std::string::npos) << job().waits;
  job().header.ruling = ports::Ruling::released;
  EXPECT_EQ(next(), 3);
}

TEST_F(SchedulerTest, FreshBatchesAreLoadedAWindowAtATimeUntilThereAreNoMore) {
  constexpr std::uint64_t kMany = 100;
  load(uids(kMany), 1);
  EXPECT_LT(job().fresh.size(), kMany);
  EXPECT_TRUE(job().loaded);
  std::uint64_t sent = 0;
  while (next() != 0) {
    ++sent;
    clock.run(refill());
  }
  EXPECT_EQ(sent, kMany);
  EXPECT_FALSE(job().loaded);
}

TEST_F(SchedulerTest, NothingStartsWhileTheLedgerCannotBeWritten) {
  load(uids(1), 1);
  ledger.failing = Error{ErrorKind::no_space, "no space"};
  EXPECT_FALSE(clock.run(journal.commit({})));
  EXPECT_EQ(next(), 0);
  ledger.failing.reset();
  EXPECT_TRUE(clock.run(journal.commit({})));
  EXPECT_EQ(next(), 1);
}

}  // namespace
}  // namespace sluice::pipeline
