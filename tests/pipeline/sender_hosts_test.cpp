#include <gtest/gtest.h>

#include <algorithm>

#include "sending_line.hpp"

namespace sluice::pipeline {
namespace {

using records::Outcome;
using namespace std::chrono_literals;

/// A sender beside other hosts of its account.
class SenderHosts : public SendingLine {
 protected:
  std::size_t announcements() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(deeds, [](const auto& deed) { return deed.starts_with("announce"); }));
  }
};

TEST_F(SenderHosts, NothingStartsOnceTheLeaseIsOverAndGoesOnWhenItIsRenewed) {
  hosts.lease = clock.now();
  plan(uids(2), 1);
  begin();
  clock.pass(1min);
  EXPECT_EQ(announcements(), 0U);
  EXPECT_TRUE(api.bodies.empty());
  hosts.lease = Boottime::max();
  clock.pass(1min);
  EXPECT_EQ(settled(Outcome::accepted), 2);
}

TEST_F(SenderHosts, WhatIsAnnouncedWhenTheLeaseEndsDoesNotLeaveAndIsWithdrawn) {
  plan(uids(1), 1);
  ledger.committed = [this](const auto& changes) {
    const auto* put = std::get_if<ports::PutBatches>(&changes.front());
    if (put && put->batches[0].state == ports::BatchState::sending) hosts.lease = clock.now();
  };
  begin();
  clock.pass(1min);
  EXPECT_TRUE(api.bodies.empty());
  EXPECT_EQ(ledger.batch(1).state, ports::BatchState::waiting);
  EXPECT_EQ(ledger.batch(1).past.sends, 0);
}

TEST_F(SenderHosts, AnOrderWhoseKeyAnotherHostHoldsWaitsAndIsAskedForOnceASecond) {
  plan(uids(1), 1);
  plan({2001}, 1, kOther);
  int refused = 0;
  ledger.refuse = [&refused](const auto& changes) -> std::optional<Error> {
    const auto* put = std::get_if<ports::PutBatches>(&changes.front());
    if (put == nullptr || put->batches[0].id != BatchId{1} || put->batches[0].state != ports::BatchState::sending ||
        refused == 3)
      return std::nullopt;
    ++refused;
    return Error{ErrorKind::elsewhere, "a key is held"};
  };
  begin();
  clock.pass(1500ms);
  EXPECT_EQ(refused, 2) << "now, and a second later";
  EXPECT_EQ(settled(Outcome::accepted), 1) << "the other order goes out meanwhile";
  EXPECT_TRUE(journal.trouble().empty());
  clock.pass(1min);
  EXPECT_EQ(settled(Outcome::accepted), 2);
}

TEST_F(SenderHosts, AnOrderThatAnotherHostHasLeftInDoubtMeanwhileIsNotSent) {
  plan(uids(1), 1);
  const auto order = read_orders(ledger.batch(1).rows).front();
  bool stale = true;
  ledger.refuse = [&](const auto& changes) -> std::optional<Error> {
    const auto* put = std::get_if<ports::PutBatches>(&changes.front());
    if (put == nullptr || put->batches[0].state != ports::BatchState::sending || !std::exchange(stale, false))
      return std::nullopt;
    ledger.store.apply({ports::PutDoubts{{{.order_hash = order.hash(),
                                           .order = orders::body(std::span(&order, 1)),
                                           .job = kOther,
                                           .row = 7,
                                           .since = clock.wall()}}}});
    return Error{ErrorKind::stale, ""};
  };
  begin();
  clock.pass(1min);
  EXPECT_TRUE(api.bodies.empty());
  EXPECT_EQ(facts_read, 1);
  EXPECT_EQ(settled(Outcome::in_doubt), 1);
}

TEST_F(SenderHosts, AnOrderThatAJobTakenOverHasLeftInDoubtSinceItWasAnnouncedIsWithdrawn) {
  plan(uids(1), 1);
  const auto order = read_orders(ledger.batch(1).rows).front();
  ledger.committed = [&](const auto& changes) {
    const auto* put = std::get_if<ports::PutBatches>(&changes.front());
    if (put == nullptr || put->batches[0].state != ports::BatchState::sending) return;
    doubts.add({{.order_hash = order.hash(),
                 .order = orders::body(std::span(&order, 1)),
                 .job = kOther,
                 .row = 7,
                 .since = clock.wall()}});
  };
  begin();
  clock.pass(1min);
  EXPECT_TRUE(api.bodies.empty());
  EXPECT_EQ(settled(Outcome::in_doubt), 1);
}

TEST_F(SenderHosts, OnceItWasTakenOverNothingIsCommittedAnyMore) {
  plan(uids(2), 1);
  int commits = 0;
  ledger.refuse = [&commits](const auto&) -> std::optional<Error> {
    ++commits;
    return Error{ErrorKind::fenced, "epoch 3 of host a was ended by host b"};
  };
  begin();
  clock.pass(1min);
  EXPECT_EQ(commits, 1);
  EXPECT_TRUE(journal.fenced());
  EXPECT_TRUE(api.bodies.empty());
}

}  // namespace
}  // namespace sluice::pipeline
