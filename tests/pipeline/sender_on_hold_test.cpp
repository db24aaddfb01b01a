#include <gtest/gtest.h>

#include "sending_line.hpp"

namespace sluice::pipeline {
namespace {

using records::Outcome;
using namespace std::chrono_literals;

using SenderOnHold = SendingLine;

TEST_F(SenderOnHold, OnHoldAnOutageIsProbedWithOneOrder) {
  settings.retry.in_doubt = config::InDoubt::hold;
  plan(uids(40), 4);
  api.script = [](const auto&) { return ScriptedUpstream::http(502); };
  begin();
  clock.pass(1s);
  ASSERT_EQ(api.bodies.size(), 3);
  EXPECT_EQ(settled(Outcome::in_doubt), 12);
  clock.pass(7s);
  ASSERT_EQ(api.bodies.size(), 4);
  EXPECT_EQ(ScriptedUpstream::uids(api.bodies[3]).size(), 1);
  EXPECT_EQ(settled(Outcome::in_doubt), 13);
  EXPECT_EQ(ledger.store.doubts().size(), 13);
}

TEST_F(SenderOnHold, WhatEndsInDoubtIsKnownToOtherJobsAtOnceAndUntilItIsResolved) {
  settings.retry.in_doubt = config::InDoubt::hold;
  plan(uids(1), 1);
  api.script = [](const auto&) { return ScriptedUpstream::http(502); };
  const auto order = read_orders({ledger.batch(1).rows[0]}).front();
  begin();
  EXPECT_FALSE(doubts.why_not(order, clock.wall()));
  clock.pass(5s);
  ASSERT_EQ(settled(Outcome::in_doubt), 1);
  ASSERT_TRUE(doubts.why_not(order, clock.wall()));
  EXPECT_EQ(doubts.why_not(order, clock.wall())->outcome, Outcome::in_doubt);
  EXPECT_FALSE(doubts.why_not(order, clock.wall() + ports::kDoubtsKept));
  EXPECT_EQ(doubts.open_of(kJob), 1);
  doubts.resolve({kJob, ports::LookedUp::applied, {1}});
  EXPECT_EQ(doubts.open_of(kJob), 0);
  ASSERT_TRUE(doubts.why_not(order, clock.wall())) << "it is not placed twice";
  EXPECT_EQ(doubts.why_not(order, clock.wall())->outcome, Outcome::duplicate);
  doubts.resolve({kJob, ports::LookedUp::not_applied, {1}});
  EXPECT_FALSE(doubts.why_not(order, clock.wall()));
}

TEST_F(SenderOnHold, WhatMayHaveBeenAppliedBeforeTheSettingChangedIsNotSentAgain) {
  plan(uids(2), 2);
  api.script = [](const auto&) { return ScriptedUpstream::lost(); };
  begin();
  clock.pass(1s);
  ASSERT_EQ(api.bodies.size(), 1);
  settings.retry.in_doubt = config::InDoubt::hold;
  sender.wake();
  clock.pass(2min);
  EXPECT_EQ(api.bodies.size(), 1);
  EXPECT_EQ(settled(Outcome::in_doubt), 2);
  EXPECT_EQ(ledger.store.doubts().size(), 2);
  const std::string said(ledger.store.rows(kJob.n).at(1).message);
  EXPECT_TRUE(said.contains("retry.in_doubt")) << said;
}

TEST_F(SenderOnHold, NorIsItWhereTheSettingChangesWhileItWaitsForItsSlot) {
  plan(uids(2), 2);
  left(1);
  store.state.closed_until = clock.now() + 200ms;
  begin();
  clock.pass(100ms);
  ASSERT_EQ(deeds, std::vector<std::string>{"announce b1"});
  settings.retry.in_doubt = config::InDoubt::hold;
  clock.pass(1min);
  EXPECT_TRUE(api.bodies.empty());
  EXPECT_EQ(settled(Outcome::in_doubt), 2);
}

TEST_F(SenderOnHold, ASlotThatWasGrantedAndNotUsedIsGivenBack) {
  plan(uids(2), 2);
  left(1);
  store.state.closed_until = clock.now() + 200ms;
  begin();
  clock.pass(100ms);
  settings.retry.in_doubt = config::InDoubt::hold;
  clock.pass(1min);
  ASSERT_TRUE(api.bodies.empty());
  plan(uids(30, 2001), 1, kOther);
  ASSERT_TRUE(clock.run(sender.adopt(job(kOther))));
  clock.pass(1min);
  EXPECT_EQ(settled(Outcome::accepted), 30) << "one that hangs would keep the window closed after ten";
}

TEST_F(SenderOnHold, AProbeTakesOneOrderOfABatchThatWasSentBefore) {
  settings.retry.in_doubt = config::InDoubt::hold;
  plan(uids(40), 4);
  api.latency = 1s;
  int answers = 0;
  api.script = [&answers](const auto&) { return ScriptedUpstream::http(++answers <= 9 ? 429 : 502); };
  begin();
  clock.pass(2s);
  ASSERT_EQ(api.bodies.size(), 10);
  api.latency = 50ms;
  clock.pass(4s);
  const auto sent = api.bodies.size();
  ASSERT_EQ(breaker.pause(), Pause::outage);
  clock.pass(settings.retry.first_delay);
  ASSERT_GT(api.bodies.size(), sent);
  EXPECT_EQ(ScriptedUpstream::uids(api.bodies[sent]).size(), 1);
  api.script = [](const auto& body) { return ScriptedUpstream::say(body); };
  clock.pass(10min);
  EXPECT_EQ(settled(Outcome::in_doubt) + settled(Outcome::accepted), 40);
}

}  // namespace
}  // namespace sluice::pipeline
