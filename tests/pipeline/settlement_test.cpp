#include "pipeline/settlement.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "sending_line.hpp"

namespace sluice::pipeline {
namespace {

using records::Outcome;
using namespace std::chrono_literals;

/// A settlement beside the line's own sender, which is not started.
class SettlementTest : public SendingLine {
 protected:
  SettlementTest() {
    ledger.committed = [this](const auto& changes) { commits.push_back(changes); };
  }
  /// The first batch of a job of so many orders, its first request out.
  Waiting announced(std::uint64_t orders) {
    plan(uids(orders), orders);
    auto batch = ledger.batch(1);
    batch.state = ports::BatchState::sending;
    batch.past.sends = 1;
    for (const auto& order : orders_of(batch)) batch.keys.push_back(order.key_hash());
    ledger.put(batch);
    return {.batch = batch, .due = {}, .hold = busy.hold(batch.keys)};
  }
  bool settle(Waiting& sent, Exchanged exchanged) {
    return clock.run(settle_it(sent, orders_of(sent.batch), std::move(exchanged)));
  }
  ports::Task<bool> settle_it(Waiting& sent, std::vector<orders::Order> orders, Exchanged exchanged) {
    co_await settlement.settle(job(), sent, std::move(orders), std::move(exchanged), clock.now());
    co_return true;
  }
  ports::Task<void> settle_meanwhile(Waiting& sent, Exchanged exchanged) {
    co_await settle_it(sent, orders_of(sent.batch), std::move(exchanged));
  }
  static Exchanged lost() {
    return std::unexpected(ports::Broken{.bytes_out = true, .error = {ErrorKind::network, "reset"}});
  }

  std::vector<std::vector<ports::Change>> commits;
  DayCap cap{settings};
  Settlement settlement{sending};
};

TEST_F(SettlementTest, AllThatFollowsFromAnAnswerIsOneCommit) {
  auto sent = announced(3);
  settle(sent, statuses({1, 2, 9}));
  ASSERT_EQ(commits.size(), 1);
  EXPECT_EQ(settled(Outcome::accepted), 1);
  EXPECT_EQ(settled(Outcome::refused), 1);
  EXPECT_FALSE(ledger.store.batches().contains(BatchId{1}));
  EXPECT_EQ(rows_of(ledger.batch(2)), std::vector<std::uint64_t>{3}) << "what was answered *internal error* waits";
  EXPECT_EQ(ledger.header(kJob).requests, 1);
  EXPECT_EQ(ledger.header(kJob).counts.total(), 2);
  EXPECT_EQ(job().header.counts.total(), 2);
}

TEST_F(SettlementTest, WhatBecameOfAnOrderIsRememberedInTheSameCommit) {
  auto sent = announced(3);
  sent.batch.marks = {7, 8, 9};
  settle(sent, statuses({1, 2, 9}));
  ASSERT_EQ(commits.size(), 1);
  const auto page = ledger.store.history({});
  ASSERT_EQ(page.orders.size(), 2) << "the third is not settled yet";
  EXPECT_EQ(page.orders[1].result.outcome, Outcome::refused);
  const auto orders = orders_of(sent.batch);
  EXPECT_EQ(page.orders[1].ids[0], orders[1].value(0)) << "the douyinId comes first";
  EXPECT_EQ(page.orders[1].ids[1], orders[1].key());
  ASSERT_EQ(ledger.store.placed(WallTime{}).placed.size(), 1);
  EXPECT_EQ(ledger.store.placed(WallTime{}).placed[0].marks, std::vector<std::uint64_t>{7});
}

TEST_F(SettlementTest, WithoutKeepOrdersNothingIsRemembered) {
  settings.keep.orders = {};
  auto sent = announced(1);
  settle(sent, statuses({1}));
  EXPECT_TRUE(ledger.store.history({}).orders.empty());
}

TEST_F(SettlementTest, OnlyTheKeysOfWhatWaitsStayBusy) {
  auto sent = announced(2);
  const auto keys = sent.batch.keys;
  settle(sent, statuses({1, 9}));
  ASSERT_EQ(job().started.size(), 1);
  EXPECT_FALSE(busy.any_of({keys[0]}));
  EXPECT_TRUE(busy.any_of({keys[1]}));
}

TEST_F(SettlementTest, WhatCannotBeWrittenIsKeptAndTriedAgain) {
  auto sent = announced(1);
  const auto keys = sent.batch.keys;
  ledger.failing = Error{ErrorKind::no_space, "no space"};
  clock.spawn(settle_meanwhile(sent, statuses({1})));
  clock.pass(1min);
  EXPECT_EQ(job().header.counts.total(), 0) << "nothing in memory follows before it is durable";
  EXPECT_TRUE(busy.any_of(keys));
  ledger.failing.reset();
  clock.pass(5s);
  EXPECT_EQ(settled(Outcome::accepted), 1);
  EXPECT_FALSE(busy.any_of(keys));
}

TEST_F(SettlementTest, WhatCannotBeWrittenBeforeTheCutIsLeftAsTheLedgerHasIt) {
  auto sent = announced(1);
  ledger.failing = Error{ErrorKind::no_space, "no space"};
  stop.step = Stop::Step::cut;
  settle(sent, statuses({1}));
  EXPECT_TRUE(job().started.empty());
  EXPECT_EQ(job().header.counts.total(), 0);
  EXPECT_EQ(ledger.batch(1).state, ports::BatchState::sending) << "the next start takes it for perhaps applied";
}

TEST_F(SettlementTest, AnOrderInDoubtIsRememberedSoThatNoOtherJobSendsIt) {
  settings.retry.in_doubt = config::InDoubt::hold;
  auto sent = announced(2);
  const auto orders = orders_of(sent.batch);
  settle(sent, lost());
  EXPECT_EQ(settled(Outcome::in_doubt), 2);
  EXPECT_EQ(ledger.store.doubts().size(), 2);
  const auto why = doubts.why_not(orders[1], clock.wall());
  ASSERT_TRUE(why);
  EXPECT_EQ(why->outcome, Outcome::in_doubt);
}

TEST_F(SettlementTest, ACancelledJobsWaitingBatchesEndUnsentButWhatMayHaveBeenApplied) {
  plan(uids(4), 2);
  job().started.push_back({.batch = left(1), .due = {}, .hold = {}});
  job().loaded = BatchId{};
  ASSERT_TRUE(clock.run(settlement.settle_cancelled(job())));
  EXPECT_EQ(settled(Outcome::in_doubt), 2);
  EXPECT_EQ(settled(Outcome::not_sent), 2);
  EXPECT_TRUE(ledger.store.batches().empty());
  EXPECT_FALSE(job().loaded);
}

TEST_F(SettlementTest, RefusalsHoldAJobOnlyOnceTheyAreManyEnoughAndAlike) {
  auto sent = announced(200);
  std::vector<int> each(200, 2);
  for (std::size_t i = 0; i < 21; ++i) each[i] = 1;
  each[199] = 9;  // one goes on, so that there is something to hold
  settle(sent, statuses(each));
  EXPECT_FALSE(job().held()) << "178 of 199 are fewer than 90 %";

  auto& rest = job().started.front();
  for (std::uint64_t row = 201; row <= 212; ++row) {
    rest.batch.rows.push_back({.row = row});
    rest.batch.marks.push_back(row);
  }
  auto more = std::move(rest);
  job().started.clear();
  job().header.rows = 213;
  settle(more, statuses(std::vector<int>(13, 2)));
  EXPECT_EQ(job().header.hold, ports::Hold::refused_alike);
  EXPECT_EQ(ledger.header(kJob).hold, ports::Hold::refused_alike);
}

TEST_F(SettlementTest, AFileIsJudgedByItsFirstHundredAnswers) {
  auto sent = announced(100);
  job().header.rows = 150;
  std::vector<int> each(100, 2);
  each[99] = 9;
  settle(sent, statuses(each));
  EXPECT_FALSE(job().held()) << "99 tell nothing yet";
  auto last = std::move(job().started.front());
  job().started.clear();
  settle(last, statuses({2}));
  EXPECT_EQ(job().header.hold, ports::Hold::refused_alike);
}

}  // namespace
}  // namespace sluice::pipeline
