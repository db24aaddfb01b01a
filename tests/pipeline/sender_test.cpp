#include "pipeline/sender.hpp"

#include <gtest/gtest.h>

#include <set>

#include "sending_line.hpp"

namespace sluice::pipeline {
namespace {

using records::Outcome;
using namespace std::chrono_literals;

using SenderTest = SendingLine;
using Deeds = std::vector<std::string>;

TEST_F(SenderTest, AnnouncesBeforeTheSlotTakesItBeforeTheBytesAndSettlesAfterTheAnswer) {
  plan(uids(2), 2);
  store.taken = [this] { deeds.push_back("slot"); };
  begin();
  clock.pass(5s);
  EXPECT_EQ(deeds, (Deeds{"announce b1", "slot", "bytes 20240115-3-b1-1", "answer 20240115-3-b1-1", "settle 2"}));
  EXPECT_EQ(settled(Outcome::accepted), 2);
  EXPECT_EQ(ledger.header(kJob).requests, 1);
  EXPECT_TRUE(ledger.store.batches().empty());
}

TEST_F(SenderTest, WhoEndsLeavesNoSlotOpenInTheGate) {
  plan(uids(1), 1);
  api.latency = 20ms;
  begin();
  clock.pass(25ms);
  EXPECT_EQ(store.open(), 1) << "it is settled with the next slot";
  stop.step = Stop::Step::asked;
  sender.wake();
  clock.spawn(sender.join());
  clock.settle();
  EXPECT_EQ(store.open(), 0);
}

TEST_F(SenderTest, AnAnnouncementThatHasTimeGoesWithTheSettlementOfTheOneBefore) {
  plan(uids(2), 1);
  api.latency = 20ms;
  begin();
  clock.pass(19ms);
  EXPECT_EQ(deeds, (Deeds{"announce b1", "bytes 20240115-3-b1-1"}));
  clock.pass(1ms);
  EXPECT_EQ(deeds.back(), "announce b2");
  EXPECT_EQ(*(deeds.end() - 2), "settle 1");
  clock.pass(1s);
  EXPECT_EQ(api.starts.at(1) - api.starts.at(0), 101ms);
}

TEST_F(SenderTest, AnAnnouncementWaitsForNoAnswerThatComesTooLateForItsSlot) {
  plan(uids(2), 1);
  api.latency = 3s;
  begin();
  clock.pass(60ms);
  EXPECT_EQ(deeds, (Deeds{"announce b1", "bytes 20240115-3-b1-1"}));
  clock.pass(5ms);
  EXPECT_EQ(deeds.back(), "announce b2");
  clock.pass(1s);
  EXPECT_EQ(api.starts.at(1) - api.starts.at(0), 101ms);
}

TEST_F(SenderTest, WhatIsPausedBeforeItWasAnnouncedNeedsNoTakingBack) {
  plan(uids(2), 1);
  api.latency = 3s;
  begin();
  clock.pass(30ms);
  breaker.set_operator_pause(true, kNoon);
  sender.turn_away();
  clock.pass(1s);
  EXPECT_EQ(deeds, (Deeds{"announce b1", "bytes 20240115-3-b1-1"}));
  EXPECT_EQ(ledger.batch(2).state, ports::BatchState::planned);
}

TEST_F(SenderTest, SendsEachOrderOnceEvenlySpaced) {
  plan(uids(40), 4);
  begin();
  clock.pass(10s);
  std::multiset<std::string> sent;
  for (const auto& body : api.bodies) {
    for (const auto& uid : ScriptedUpstream::uids(body)) sent.insert(uid);
  }
  EXPECT_EQ(sent.size(), 40);
  EXPECT_EQ(std::set(sent.begin(), sent.end()).size(), 40);
  ASSERT_EQ(api.starts.size(), 10);
  for (std::size_t i = 1; i < api.starts.size(); ++i) EXPECT_GE(api.starts[i] - api.starts[i - 1], 101ms);
  EXPECT_EQ(settled(Outcome::accepted), 40);
}

TEST_F(SenderTest, AResendIsByteForByteTheSameAfterItsDelay) {
  plan(uids(3), 3);
  api.script = [this](const auto& body) {
    return api.bodies.size() == 1 ? ScriptedUpstream::lost() : ScriptedUpstream::say(body);
  };
  begin();
  clock.pass(2min);
  ASSERT_EQ(api.bodies.size(), 2);
  EXPECT_EQ(api.bodies[0], api.bodies[1]);
  EXPECT_GE(api.starts[1] - api.starts[0], settings.upstream.response_timeout) << "the API may have been at work";
  EXPECT_EQ(settled(Outcome::accepted), 3);
  EXPECT_EQ(ledger.store.rows(kJob.n).at(1).attempts, 2);
}

TEST_F(SenderTest, WhatIsTurnedAwayIsTakenBackAndGoesLater) {
  plan(uids(2), 2);
  store.state.closed_until = clock.now() + 200ms;
  begin();
  clock.pass(100ms);
  ASSERT_EQ(deeds, Deeds{"announce b1"});
  breaker.set_operator_pause(true, kNoon);
  sender.turn_away();
  clock.pass(1s);
  EXPECT_EQ(deeds, (Deeds{"announce b1", "keep b1"}));
  EXPECT_EQ(ledger.batch(1).state, ports::BatchState::waiting);
  EXPECT_EQ(ledger.batch(1).past.sends, 0);
  breaker.set_operator_pause(false, kNoon);
  sender.wake();
  clock.pass(1s);
  EXPECT_EQ(settled(Outcome::accepted), 2);
  EXPECT_EQ(ledger.store.rows(kJob.n).at(1).attempts, 1);
}

TEST_F(SenderTest, AStaleConnectionCostsANewOneAndNothingElse) {
  plan(uids(2), 2);
  api.stale = 2;
  begin();
  clock.pass(5s);
  EXPECT_EQ(api.connects, 3);
  EXPECT_EQ(api.bodies.size(), 1);
  EXPECT_EQ(settled(Outcome::accepted), 2);
}

TEST_F(SenderTest, TwoOrdersOfOneUidAreNeverUnsettledAtOnce) {
  plan({1001, 1001}, 1);
  api.latency = 3s;
  api.script = [this](const auto& body) {
    return api.bodies.size() == 1 ? ScriptedUpstream::lost() : ScriptedUpstream::say(body);
  };
  begin();
  clock.pass(8s);
  EXPECT_EQ(api.bodies.size(), 1) << "the first may have been applied";
  clock.pass(2min);
  ASSERT_EQ(api.bodies.size(), 3);
  EXPECT_GE(api.starts[2] - api.starts[1], 3s) << "the second waits for the first one's answer";
  EXPECT_EQ(settled(Outcome::accepted), 2);
}

TEST_F(SenderTest, AnOrderThatAnotherJobLeftInDoubtSinceItWasReadIsNotSent) {
  plan(uids(3), 3);
  const auto order = read_orders({ledger.batch(1).rows[1]}).front();
  doubts.add({{.order_hash = order.hash(),
               .order = orders::body(std::span(&order, 1)),
               .job = {.day = kJob.day, .n = kJob.n - 1},
               .row = 7,
               .since = clock.wall()}});
  begin();
  clock.pass(10s);
  EXPECT_EQ(settled(Outcome::accepted), 2);
  EXPECT_EQ(settled(Outcome::in_doubt), 1);
  EXPECT_TRUE(ledger.store.doubts().empty()) << "the other job remembers it";
  const std::string said(ledger.store.rows(kJob.n).at(2).message);
  EXPECT_TRUE(said.contains("20240115-2")) << said;
  ASSERT_EQ(api.bodies.size(), 1);
  EXPECT_EQ(ScriptedUpstream::uids(api.bodies[0]).size(), 2);
}

TEST_F(SenderTest, WhatNeverLeftUsesNothingOfADaysCap) {
  settings.guard.max_orders_per_day = 3;
  plan(uids(3), 3);
  int tries = 0;
  api.script = [&tries](const auto& body) -> ScriptedUpstream::Reply {
    if (++tries > 3) return ScriptedUpstream::say(body);
    return std::unexpected(ports::Broken{.bytes_out = false, .error = {ErrorKind::network, "gone"}});
  };
  begin();
  clock.pass(10min);
  EXPECT_EQ(settled(Outcome::accepted), 3);
}

TEST_F(SenderTest, ADaysCapIsKeptToTheOrderAndLiftedAtMidnight) {
  settings.guard.max_orders_per_day = 3;
  plan(uids(5), 2);
  begin();
  clock.pass(1min);
  EXPECT_EQ(settled(Outcome::accepted), 3);
  EXPECT_NE(job().waits.find("max_orders_per_day"), std::string::npos);
  clock.pass(11h + 58min);
  EXPECT_EQ(settled(Outcome::accepted), 3);
  clock.pass(2min);
  EXPECT_EQ(settled(Outcome::accepted), 5);
}

TEST_F(SenderTest, UnauthorizedStopsEverythingAndConsumesNothing) {
  plan(uids(40), 4);
  api.script = [](const auto&) { return ScriptedUpstream::http(401); };
  begin();
  clock.pass(50s);
  EXPECT_EQ(breaker.pause(), Pause::authorization);
  EXPECT_EQ(api.bodies.size(), 1) << "the first answer came before the next slot";
  EXPECT_TRUE(ledger.store.rows(kJob.n).empty());
  api.script = [](const auto& body) { return ScriptedUpstream::say(body); };
  clock.pass(60s);
  EXPECT_EQ(settled(Outcome::accepted), 40);
}

TEST_F(SenderTest, AnOutageIsProbedWithOneBatchAndBurnsNothing) {
  plan(uids(40), 4);
  api.script = [](const auto&) { return ScriptedUpstream::http(502); };
  begin();
  clock.pass(10min);
  EXPECT_EQ(breaker.pause(), Pause::outage);
  EXPECT_EQ(api.bodies.size(), 3U + 6U) << "probes after 6, 12, 24, 48, 96 and 192 s";
  EXPECT_TRUE(ledger.store.rows(kJob.n).empty());
  api.script = [](const auto& body) { return ScriptedUpstream::say(body); };
  clock.pass(10min);
  EXPECT_EQ(settled(Outcome::accepted), 40);
}

TEST_F(SenderTest, UnreachableCostsNoAttemptHoweverLong) {
  plan(uids(2), 2);
  api.unreachable = true;
  begin();
  clock.pass(3h);
  EXPECT_EQ(breaker.pause(), Pause::outage);
  EXPECT_TRUE(deeds.empty()) << "not even announced";
  api.unreachable = false;
  clock.pass(10min);
  EXPECT_EQ(ledger.store.rows(kJob.n).at(1).attempts, 1);
}

TEST_F(SenderTest, NothingStartsWhileTheLedgerCannotBeWritten) {
  plan(uids(2), 2);
  ledger.failing = Error{ErrorKind::no_space, "no space"};
  begin();
  clock.pass(1min);
  EXPECT_TRUE(api.bodies.empty());
  ledger.failing.reset();
  clock.pass(1min);
  EXPECT_EQ(settled(Outcome::accepted), 2);
}

TEST_F(SenderTest, RefusalsAllAlikeHoldTheJob) {
  plan(uids(300), 50);
  api.script = [](const auto& body) { return ScriptedUpstream::say(body, 2); };
  begin();
  clock.pass(1min);
  EXPECT_EQ(job().header.hold, ports::Hold::refused_alike);
  EXPECT_LT(settled(Outcome::refused), 300);
  EXPECT_GE(settled(Outcome::refused), 100);
}

TEST_F(SenderTest, RefusalsAllAlikeHoldNoJobThatIsCancelled) {
  plan(uids(300), 50);
  api.script = [this](const auto& body) {
    job().header.ruling = ports::Ruling::cancelled;
    return ScriptedUpstream::say(body, 2);
  };
  api.latency = 1s;
  begin();
  clock.pass(1min);
  EXPECT_GE(settled(Outcome::refused), 100);
  EXPECT_FALSE(job().held());
}

TEST_F(SenderTest, AProbeThatConnectsWhileTheOperatorPausesIsNotSent) {
  plan(uids(2), 2);
  api.unreachable = true;
  begin();
  clock.pass(1s);
  ASSERT_EQ(breaker.pause(), Pause::outage);
  api.unreachable = false;
  api.connecting = 5s;
  clock.pass(settings.retry.first_delay + 1s);
  breaker.set_operator_pause(true, clock.wall());
  clock.pass(10min);
  EXPECT_TRUE(api.bodies.empty());
  breaker.set_operator_pause(false, clock.wall());
  sender.wake();
  clock.pass(10min);
  EXPECT_EQ(settled(Outcome::accepted), 2);
}

TEST_F(SenderTest, AJobMayEndWhileItsBatchesAreAskedFor) {
  plan(uids(2), 2);
  plan({2001}, 1, kOther);
  job().loaded = job(kOther).loaded = BatchId{};
  job().grip = job(kOther).grip = FileGrip::sure;
  ledger.asked = [this] { jobs.erase(kOther); };
  clock.spawn(sender.run());
  clock.pass(1min);
  EXPECT_EQ(settled(Outcome::accepted), 2);
}

TEST_F(SenderTest, TheAddressIsNotedUntilThatIsDurable) {
  plan(uids(2), 2);
  job().header.base_url.clear();
  job().address_noted = false;
  ledger.store.apply({ports::PutHold{job().header}});
  settings.upstream.base_url = "https://api/";
  begin();
  ledger.failing = Error{ErrorKind::no_space, "no space"};
  clock.pass(10s);
  ledger.failing.reset();
  clock.pass(1min);
  EXPECT_EQ(settled(Outcome::accepted), 2);
  EXPECT_EQ(ledger.header(kJob).base_url, "https://api/");
}

}  // namespace
}  // namespace sluice::pipeline
