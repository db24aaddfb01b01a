#include "pipeline/adoption.hpp"

#include <gtest/gtest.h>

#include "sending_line.hpp"

namespace sluice::pipeline {
namespace {

using records::Outcome;
using namespace std::chrono_literals;

/// An adoption beside the line's own sender, which is not started.
class AdoptionTest : public SendingLine {
 protected:
  std::vector<std::uint64_t> keys_in(std::uint64_t batch) { return keys_of(read_orders(ledger.batch(batch).rows)); }
  /// The same, with its keys in the ledger.
  ports::Batch left_with_keys(std::uint64_t batch) {
    auto one = left(batch);
    one.keys = keys_in(batch);
    ledger.put(one);
    return one;
  }
  Result<void> adopt() { return clock.run(adoption.adopt(job())); }

  DayCap cap{settings};
  Settlement settlement{sending};
  Adoption adoption{sending, settlement};
};

TEST_F(AdoptionTest, WhatWasStartedIsInMemoryAndItsKeysAreBusy) {
  plan(uids(4), 2);
  left(1);
  ASSERT_TRUE(adopt());
  ASSERT_EQ(job().started.size(), 1);
  EXPECT_EQ(job().grip, FileGrip::sure);
  EXPECT_FALSE(job().guard) << "each batch holds its own";
  EXPECT_TRUE(busy.any_of({keys_in(1)[0]}));
  EXPECT_FALSE(busy.any_of(keys_in(2))) << "what is as planned holds nothing";
}

TEST_F(AdoptionTest, ABatchLeftSendingIsPerhapsAppliedFromNowOnDurably) {
  plan(uids(2), 2);
  auto batch = left(1);
  batch.past.maybe_applied = false;
  batch.state = ports::BatchState::sending;
  ledger.put(batch);
  ASSERT_TRUE(adopt());
  EXPECT_TRUE(ledger.batch(1).past.maybe_applied);
  EXPECT_EQ(ledger.batch(1).state, ports::BatchState::waiting);
  EXPECT_EQ(ledger.header(kJob).requests, 1) << "the one whose answer was lost";
  EXPECT_EQ(job().started.size(), 1);
}

TEST_F(AdoptionTest, ABatchLeftSendingEndsInDoubtOnHold) {
  settings.retry.in_doubt = config::InDoubt::hold;
  plan(uids(2), 2);
  auto batch = left(1);
  batch.state = ports::BatchState::sending;
  ledger.put(batch);
  ASSERT_TRUE(adopt());
  EXPECT_EQ(settled(Outcome::in_doubt), 2);
  EXPECT_TRUE(job().started.empty());
  EXPECT_FALSE(busy.any_of(keys_of(orders_of(batch_of(2)))));
}

TEST_F(AdoptionTest, APartThatNeverWentOutHoldsNothing) {
  plan(uids(2), 2);
  auto part = ledger.batch(1);
  part.state = ports::BatchState::waiting;
  ledger.put(part);
  ASSERT_TRUE(adopt());
  ASSERT_EQ(job().started.size(), 1);
  EXPECT_FALSE(job().started.front().hold);
  EXPECT_FALSE(busy.any_of(keys_in(1)));
}

TEST_F(AdoptionTest, ADelayUnderWayGoesOnByTheClockThatNobodySets) {
  plan(uids(2), 2);
  auto batch = left(1);
  batch.not_before = clock.wall() + 10s;
  ledger.put(batch);
  ASSERT_TRUE(adopt());
  EXPECT_EQ(job().started.front().due, clock.now() + 10s);
}

TEST_F(AdoptionTest, WhatTheApiMayBeAtWorkOnWaitsWhateverTheCalendarOfTheHostThatSentIt) {
  hosts.lease = clock.now() + 20s;
  plan(uids(2), 2);
  auto batch = left(1);
  ASSERT_TRUE(batch.past.maybe_applied);
  batch.not_before = clock.wall() - 24h;  // a minute from now, by a clock that is a day behind
  ledger.put(batch);
  ASSERT_TRUE(adopt());
  EXPECT_EQ(job().started.front().due, clock.now() + settings.upstream.response_timeout);
}

TEST_F(AdoptionTest, AChangedFileHoldsTheJobAndItsKeysStayBusy) {
  plan(uids(2), 2);
  const auto batch = left_with_keys(1);
  file().change("other bytes");
  ASSERT_TRUE(adopt()) << "nothing waits for it";
  EXPECT_EQ(job().header.hold, ports::Hold::file_changed);
  EXPECT_EQ(job().grip, FileGrip::lost);
  EXPECT_TRUE(job().started.empty());
  EXPECT_TRUE(busy.any_of({batch.keys[0]}) && busy.any_of({batch.keys[1]}));
}

TEST_F(AdoptionTest, ADiskThatFailsLeavesTheJobBlockingAllSending) {
  plan(uids(2), 2);
  left_with_keys(1);
  file().failing = Error{ErrorKind::io, "the disk fails"};
  const auto failed = adopt();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, ErrorKind::io);
  EXPECT_FALSE(job().held());
  EXPECT_TRUE(job().blocks_all_sending());
  file().failing.reset();
  ASSERT_TRUE(adopt());
  EXPECT_EQ(job().started.size(), 1) << "once";
}

TEST_F(AdoptionTest, GuardingKeepsBusyWhatTheLedgerSaysUntilTheFileIsBack) {
  plan(uids(2), 2);
  const auto batch = left_with_keys(1);
  ASSERT_TRUE(clock.run(adoption.guard(job())));
  EXPECT_TRUE(job().guard);
  EXPECT_TRUE(busy.any_of(batch.keys));
  ASSERT_TRUE(adopt());
  EXPECT_FALSE(job().guard);
  EXPECT_TRUE(busy.any_of(batch.keys)) << "held by the batch itself";
  job().started.clear();
  EXPECT_FALSE(busy.any_of(batch.keys));
}

}  // namespace
}  // namespace sluice::pipeline
