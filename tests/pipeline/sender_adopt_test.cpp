#include <gtest/gtest.h>

#include "sending_line.hpp"
#include "sluice/base/stable_hash.hpp"

namespace sluice::pipeline {
namespace {

using records::Outcome;
using namespace std::chrono_literals;

class SenderAdopt : public SendingLine {
 protected:
  /// The first batch may have been applied, its keys are in the ledger, and the file is not what it was.
  void leave_with_a_changed_file() {
    const auto orders = read_orders(ledger.batch(1).rows);
    auto batch = left(1);
    batch.keys = keys_of(orders);
    ledger.put(batch);
    file().change("other bytes");
  }
};

TEST_F(SenderAdopt, NothingGoesWhileWhatAHeldJobHasBegunIsUnknown) {
  plan(uids(2), 2);
  auto& other = job(kOther);
  other.header.state = ports::JobState::sending;
  other.header.hold = ports::Hold::by_operator;
  begin();
  clock.pass(1min);
  EXPECT_TRUE(api.bodies.empty()) << "it may have one of these uids under way";
  other.grip = FileGrip::sure;
  clock.pass(1min);
  EXPECT_EQ(settled(Outcome::accepted), 2);
}

TEST_F(SenderAdopt, ABatchThatACrashLeftSendingIsSentAgainAsPerhapsApplied) {
  plan(uids(2), 2);
  auto batch = ledger.batch(1);
  batch.state = ports::BatchState::sending;
  batch.past.sends = 1;
  ledger.put(batch);
  api.script = [](const auto& body) { return ScriptedUpstream::say(body, 6); };
  begin();
  EXPECT_TRUE(ledger.batch(1).past.maybe_applied) << "durable before anything is sent";
  const auto taken_up = clock.now();
  clock.pass(2min);
  EXPECT_GE(api.starts.at(0) - taken_up, settings.upstream.response_timeout) << "the API may have been at work";
  EXPECT_EQ(settled(Outcome::accepted_earlier), 2);
  EXPECT_EQ(ledger.store.rows(kJob.n).at(1).attempts, 2);
}

TEST_F(SenderAdopt, WhatACrashLeftSendingCountsInTheDaysCap) {
  settings.guard.max_orders_per_day = 3;
  plan(uids(6), 2);
  auto batch = ledger.batch(1);
  batch.state = ports::BatchState::sending;
  batch.past.sends = 1;
  ledger.put(batch);
  const auto today = day_number(api_day(clock.wall()));
  ledger.store.apply({ports::CountFirstSends{today, 2}});  // in the commit that announced it
  sender.set_day(today, 2);
  begin();
  clock.pass(2min);
  EXPECT_EQ(settled(Outcome::accepted), 3) << "two of a process that crashed, and one";
}

TEST_F(SenderAdopt, ThePatienceWithAPoisonRowIsCountedOverRestarts) {
  plan(uids(1), 1);
  auto batch = left(1);
  batch.past.sends = batch.past.lost_answers = settings.retry.attempts;
  batch.past.lost_since = kNoon - (settings.retry.outage - 2min);
  batch.state = ports::BatchState::sending;
  ledger.put(batch);
  api.script = [](const auto&) { return ScriptedUpstream::http(502); };
  begin();
  clock.pass(1min);
  EXPECT_EQ(settled(Outcome::in_doubt), 0) << "nobody else was answered meanwhile";
  clock.pass(10min);
  EXPECT_EQ(settled(Outcome::in_doubt), 1);
}

TEST_F(SenderAdopt, ADiskThatFailsDuringACancelHoldsNothingAndWhatWasBegunIsAskedForAgain) {
  plan(uids(2), 2);
  left(1);
  ASSERT_TRUE(clock.run(sender.adopt(job())));
  job().header.ruling = ports::Ruling::cancelled;
  file().failing = Error{ErrorKind::io, "the disk fails"};
  EXPECT_FALSE(clock.run(sender.settle_cancelled(job())));
  EXPECT_FALSE(job().held());
  EXPECT_TRUE(job().blocks_all_sending()) << "nothing of another job goes until its keys are busy again";
  file().failing.reset();
  ASSERT_TRUE(clock.run(sender.adopt(job())));
  EXPECT_TRUE(clock.run(sender.settle_cancelled(job())));
  EXPECT_EQ(settled(Outcome::in_doubt), 2);
}

TEST_F(SenderAdopt, AResendThatWouldDifferHoldsTheJob) {
  plan(uids(2), 2);
  auto batch = left(1);
  batch.body_hash = 4711;
  ledger.put(batch);
  begin();
  clock.pass(30s);
  EXPECT_TRUE(api.bodies.empty());
  EXPECT_EQ(job().header.hold, ports::Hold::body_changed);
  EXPECT_EQ(ledger.header(kJob).hold, ports::Hold::body_changed);
}

TEST_F(SenderAdopt, AResendThatAnEarlierVersionAnnouncedGoesAsItWas) {
  plan(uids(2), 2);
  auto batch = left(1);
  batch.body_hash = fnv(orders::body(read_orders(batch.rows)));
  ledger.put(batch);
  begin();
  clock.pass(30s);
  EXPECT_EQ(api.bodies.size(), 1);
  EXPECT_FALSE(job().held());
}

TEST_F(SenderAdopt, WhatAJobWithAChangedFileHasBegunKeepsItsKeysBusy) {
  plan({1001, 1002}, 2);
  plan({1002}, 1, kOther);
  leave_with_a_changed_file();
  begin();
  EXPECT_EQ(job().header.hold, ports::Hold::file_changed);
  EXPECT_FALSE(job().blocks_all_sending());
  clock.pass(10min);
  EXPECT_TRUE(api.bodies.empty()) << "1002 may have been applied";
}

TEST_F(SenderAdopt, GuardingAJobThatIsAdoptedKeepsNothingBusyAfterIt) {
  plan({1001}, 1);
  plan({1001}, 1, kOther);
  left(1);
  begin();
  ASSERT_TRUE(clock.run(sender.guard(job())));
  clock.pass(10min);
  EXPECT_EQ(api.bodies.size(), 2);
  EXPECT_EQ(settled(Outcome::accepted), 2);
  EXPECT_TRUE(ledger.store.batches().empty());
}

TEST_F(SenderAdopt, OtherJobsGoOnBesideOneWithAChangedFile) {
  plan({1001, 1002}, 2);
  plan({1003}, 1, kOther);
  leave_with_a_changed_file();
  begin();
  clock.pass(1min);
  EXPECT_EQ(settled(Outcome::accepted), 1);
}

TEST_F(SenderAdopt, ATryThatFailedInTheMiddleLeavesNothingBehind) {
  constexpr std::uint64_t kMany = 300;  // more than a page
  plan(uids(kMany), 1);
  for (std::uint64_t batch = 1; batch <= kMany; ++batch) left(batch);
  ledger.next_pages_failing = Error{ErrorKind::io, "the disk fails"};
  EXPECT_FALSE(clock.run(sender.adopt(job())));
  ledger.next_pages_failing.reset();
  file().failing = Error{ErrorKind::io, "the disk fails"};
  EXPECT_FALSE(clock.run(sender.adopt(job())));
  EXPECT_TRUE(job().blocks_all_sending());
  file().failing.reset();
  ASSERT_TRUE(clock.run(sender.adopt(job())));
  EXPECT_EQ(job().started.size(), kMany);
  clock.spawn(sender.run());
  clock.pass(10min);
  EXPECT_EQ(api.bodies.size(), kMany);
  EXPECT_EQ(settled(Outcome::accepted), kMany);
}

}  // namespace
}  // namespace sluice::pipeline
