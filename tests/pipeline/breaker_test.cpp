#include "pipeline/breaker.hpp"

#include <gtest/gtest.h>

#include "fake_clock.hpp"

namespace sluice::pipeline {
namespace {

using orders::AnswerClass;
using namespace std::chrono_literals;

constexpr Boottime kStart{1h};

class BreakerTest : public testing::Test {
 protected:
  void ambiguous(Boottime started, Boottime now) { breaker.ambiguous_answer(started, now, kNoon, "HTTP 502"); }
  void outage() {
    for (int i = 0; i < 3; ++i) ambiguous(kStart, kStart);
  }
  /// Of a request that starts and is answered at that moment.
  void refused(AnswerClass what, Boottime now = kStart) {
    breaker.forbidding_answer(what, now, now, kNoon, "code 401");
  }
  void unreachable(ErrorKind kind, Boottime now = kStart) { breaker.unreachable({kind, "no way"}, now, kNoon, 0); }
  /// A probe that starts as soon as it may and is answered so after a second.
  Boottime probe_fails_ambiguously() {
    const auto started = breaker.next_chance();
    EXPECT_FALSE(breaker.may_start(started - 1ns));
    EXPECT_TRUE(breaker.may_start(started));
    auto under_way = breaker.probe();
    EXPECT_FALSE(breaker.may_start(started + 1h)) << "one at a time";
    ambiguous(started, started + 1s);
    under_way = {};
    return started + 1s;
  }

  config::Settings settings;
  Breaker breaker{settings};
};

TEST_F(BreakerTest, IsOpenToBeginWith) {
  EXPECT_FALSE(breaker.tripped());
  EXPECT_TRUE(breaker.may_start(kStart));
  EXPECT_EQ(breaker.pause(), Pause::none);
  EXPECT_EQ(breaker.words(), "");
  EXPECT_EQ(breaker.since(), std::nullopt);
}

TEST_F(BreakerTest, BrakesAfterThreeAmbiguousAnswersRunning) {
  ambiguous(kStart, kStart);
  ambiguous(kStart, kStart);
  EXPECT_FALSE(breaker.tripped());
  EXPECT_FALSE(breaker.braking(kStart));
  ambiguous(kStart, kStart);
  EXPECT_EQ(breaker.pause(), Pause::outage);
  EXPECT_TRUE(breaker.braking(kStart));
  EXPECT_EQ(breaker.since(), kNoon);
  EXPECT_NE(breaker.words().find("HTTP 502"), std::string::npos);
}

TEST_F(BreakerTest, AUsableAnswerBetweenThemIsNoOutage) {
  ambiguous(kStart, kStart);
  ambiguous(kStart, kStart);
  breaker.usable_answer(kStart, kStart);
  ambiguous(kStart, kStart);
  ambiguous(kStart, kStart);
  EXPECT_FALSE(breaker.tripped());
  EXPECT_EQ(breaker.last_usable(), kStart);
}

TEST_F(BreakerTest, ProbesFirstDelayToMaxDelayApart) {
  outage();
  auto told = kStart;
  for (const auto apart : {6s, 12s, 24s, 48s, 96s, 192s, 300s, 300s}) {
    EXPECT_EQ(breaker.next_chance() - told, apart);
    told = probe_fails_ambiguously();
  }
}

TEST_F(BreakerTest, AProbeThatIsAnsweredEndsTheOutage) {
  outage();
  const auto started = breaker.next_chance();
  auto under_way = breaker.probe();
  breaker.usable_answer(started, started + 1s);
  EXPECT_FALSE(breaker.tripped());
  EXPECT_TRUE(breaker.may_start(started + 1s));
}

TEST_F(BreakerTest, AnswersToRequestsFromBeforeThePauseNeitherEndNorProlongIt) {
  outage();
  const auto probe = breaker.next_chance();
  breaker.usable_answer(kStart - 1s, kStart + 1s);
  EXPECT_EQ(breaker.pause(), Pause::outage);
  ambiguous(kStart - 1s, kStart + 2s);
  EXPECT_EQ(breaker.next_chance(), probe);
}

TEST_F(BreakerTest, AProbeThatToldNothingIsTriedAgainAtOnce) {
  outage();
  const auto probe = breaker.next_chance();
  auto under_way = breaker.probe();
  under_way = {};
  EXPECT_TRUE(breaker.may_start(probe));
}

TEST_F(BreakerTest, TheBrakeIsOffWhenTheOutageHasLastedLongEnough) {
  outage();
  EXPECT_TRUE(breaker.braking(kStart + settings.retry.outage - 1ns));
  EXPECT_FALSE(breaker.braking(kStart + settings.retry.outage));
  EXPECT_TRUE(breaker.tripped());
}

TEST_F(BreakerTest, RefusalsPauseWithTheirOwnWordsAndProbeSlowly) {
  struct Row {
    AnswerClass what;
    Pause pause;
    std::string_view advice;
  };
  for (const auto& row : {Row{AnswerClass::unauthorized, Pause::authorization, "credential"},
                          Row{AnswerClass::forbidden, Pause::authorization, "forbids"},
                          Row{AnswerClass::misrouted, Pause::address, "correct upstream.base_url and reload"},
                          Row{AnswerClass::misrouted, Pause::address, "then held until `sluice release JOB`"},
                          Row{AnswerClass::misrouted_maybe, Pause::address, "web page"}}) {
    Breaker fresh(settings);
    fresh.forbidding_answer(row.what, kStart, kStart, kNoon, "code 401");
    EXPECT_EQ(fresh.pause(), row.pause);
    EXPECT_NE(fresh.words().find(row.advice), std::string::npos) << fresh.words();
    EXPECT_NE(fresh.words().find("code 401"), std::string::npos);
    EXPECT_EQ(fresh.next_chance(), kStart + 60s);
    EXPECT_FALSE(fresh.braking(kStart)) << "the brake is for outages";
  }
}

TEST_F(BreakerTest, ARefusalWithinAnOutageIsThePauseThatCounts) {
  outage();
  refused(AnswerClass::unauthorized, kStart + 6s);
  EXPECT_EQ(breaker.pause(), Pause::authorization);
  EXPECT_EQ(breaker.next_chance(), kStart + 66s);
}

TEST_F(BreakerTest, AProbeThatIsRefusedOrAmbiguousLeavesAPauseForAuthorizationSlow) {
  refused(AnswerClass::unauthorized);
  auto under_way = breaker.probe();
  refused(AnswerClass::unauthorized, kStart + 61s);
  under_way = {};
  EXPECT_EQ(breaker.next_chance(), kStart + 121s);
  under_way = breaker.probe();
  ambiguous(kStart + 121s, kStart + 122s);
  under_way = {};
  EXPECT_EQ(breaker.pause(), Pause::authorization);
  EXPECT_EQ(breaker.next_chance(), kStart + 182s);
}

TEST_F(BreakerTest, ALateRefusalNeitherEndsTheProbeUnderWayNorPutsOffTheNext) {
  refused(AnswerClass::unauthorized);
  const auto probe = breaker.next_chance();
  breaker.forbidding_answer(AnswerClass::unauthorized, kStart - 1s, probe - 1s, kNoon, "code 401");
  EXPECT_EQ(breaker.next_chance(), probe);
  auto under_way = breaker.probe();
  breaker.forbidding_answer(AnswerClass::unauthorized, kStart - 1s, probe + 1s, kNoon, "code 401");
  EXPECT_TRUE(breaker.probing()) << "it goes on";
  EXPECT_FALSE(breaker.may_start(probe + 1h)) << "and no second one starts beside it";
}

TEST_F(BreakerTest, WhatOthersMeetDoesNotEndTheProbeUnderWay) {
  outage();
  auto under_way = breaker.probe();
  unreachable(ErrorKind::network, kStart + 7s);
  EXPECT_TRUE(breaker.probing());
  EXPECT_FALSE(breaker.may_start(kStart + 1h));
}

TEST_F(BreakerTest, AProbeDoesNotStartUnderAPauseThatBeganSince) {
  outage();
  auto under_way = breaker.probe();
  refused(AnswerClass::unauthorized, kStart + 7s);
  EXPECT_FALSE(breaker.probing()) << "no request starts after the first such answer is read";
  EXPECT_FALSE(breaker.may_start(kStart + 1h)) << "though it has not ended yet";
  under_way = {};
  EXPECT_TRUE(breaker.may_start(kStart + 67s));
}

TEST_F(BreakerTest, ANewCredentialEndsAPauseForAuthorizationAndNoOther) {
  refused(AnswerClass::unauthorized);
  breaker.new_credential(kStart);
  EXPECT_FALSE(breaker.tripped());
  refused(AnswerClass::misrouted);
  breaker.new_credential(kStart);
  EXPECT_EQ(breaker.pause(), Pause::address);
  breaker.try_again();
  EXPECT_FALSE(breaker.tripped());
}

TEST_F(BreakerTest, ALateRefusalOfTheOldCredentialSaysNothingOfTheNewOne) {
  breaker.new_credential(kStart + 1s);
  breaker.forbidding_answer(AnswerClass::unauthorized, kStart, kStart + 2s, kNoon, "401");
  EXPECT_FALSE(breaker.tripped());
  breaker.forbidding_answer(AnswerClass::misrouted, kStart, kStart + 2s, kNoon, "404");
  EXPECT_EQ(breaker.pause(), Pause::address) << "that has nothing to do with it";
  breaker.try_again();
  breaker.forbidding_answer(AnswerClass::unauthorized, kStart + 1s, kStart + 2s, kNoon, "401");
  EXPECT_EQ(breaker.pause(), Pause::authorization);
}

TEST_F(BreakerTest, TryingAgainCountsAmbiguousAnswersAnew) {
  outage();
  breaker.try_again();
  ambiguous(kStart, kStart);
  ambiguous(kStart, kStart);
  EXPECT_FALSE(breaker.tripped());
}

TEST_F(BreakerTest, UnreachableIsAnOutageThatAConnectionEnds) {
  unreachable(ErrorKind::network);
  EXPECT_EQ(breaker.pause(), Pause::outage);
  EXPECT_EQ(breaker.next_chance(), kStart + 6s);
  unreachable(ErrorKind::network, kStart + 6s);
  EXPECT_EQ(breaker.next_chance(), kStart + 18s);
  breaker.reachable();
  EXPECT_FALSE(breaker.tripped());
}

TEST_F(BreakerTest, AConnectionDoesNotEndAPauseThatAnAnswerBegan) {
  outage();
  breaker.reachable();
  EXPECT_EQ(breaker.pause(), Pause::outage);
  Breaker other(settings);
  other.forbidding_answer(AnswerClass::unauthorized, kStart, kStart, kNoon, "");
  other.reachable();
  EXPECT_EQ(other.pause(), Pause::authorization);
}

TEST_F(BreakerTest, ABadCertificatePausesAsSuchAndIsTriedOnceAMinute) {
  unreachable(ErrorKind::certificate);
  EXPECT_EQ(breaker.pause(), Pause::certificate);
  EXPECT_THAT(text::in(text::Lang::en, breaker.words()), ::testing::StartsWith("no way"));
  EXPECT_EQ(breaker.next_chance(), kStart + 60s);
  EXPECT_FALSE(breaker.braking(kStart));
  unreachable(ErrorKind::network, kStart + 60s);
  EXPECT_EQ(breaker.pause(), Pause::outage) << "what is wrong now is something else";
}

TEST_F(BreakerTest, TheOperatorsPauseEndsOnlyByTheOperator) {
  breaker.set_operator_pause(true, kNoon);
  EXPECT_EQ(breaker.pause(), Pause::by_operator);
  EXPECT_EQ(breaker.since(), kNoon);
  EXPECT_EQ(breaker.next_chance(), Boottime::max());
  breaker.usable_answer(kStart + 1s, kStart + 2s);
  breaker.try_again();
  breaker.reachable();
  EXPECT_FALSE(breaker.may_start(kStart + 24h));
  breaker.set_operator_pause(false, kNoon);
  EXPECT_TRUE(breaker.may_start(kStart));
}

TEST_F(BreakerTest, AnOutageUnderTheOperatorsPauseIsStillThereAfterwards) {
  breaker.set_operator_pause(true, kNoon);
  outage();
  EXPECT_EQ(breaker.pause(), Pause::by_operator);
  breaker.set_operator_pause(false, kNoon);
  EXPECT_EQ(breaker.pause(), Pause::outage);
}

TEST(PauseNames, AreStoredInLogsAndScripts) {
  EXPECT_EQ(name(Pause::none), "none");
  EXPECT_EQ(name(Pause::by_operator), "operator");
  EXPECT_EQ(name(Pause::authorization), "authorization");
  EXPECT_EQ(name(Pause::stopping), "stopping");
}

TEST_F(BreakerTest, AUsableAnswerAcquitsTheWayOfWhatWasRefusedBefore) {
  for (std::uint64_t n = 1; n <= 3; ++n) {
    ports::Batch batch{.job = JobId{.day = 20240115, .n = n}};
    batch.rows.push_back({.row = 1});
    breaker.bad_request(batch, kStart, kStart, kNoon, "HTTP 400");
  }
  ASSERT_TRUE(breaker.refuses_all());
  breaker.usable_answer(kStart + 1s, kStart + 2s);
  EXPECT_FALSE(breaker.refuses_all()) << "else no bad order would ever fail again";
}

TEST_F(BreakerTest, AnUnreachableApiMakesNoOtherPauseShorter) {
  refused(AnswerClass::unauthorized);
  const auto probe = breaker.next_chance();
  unreachable(ErrorKind::network, kStart + 1s);
  EXPECT_GE(breaker.next_chance(), probe);
}

}  // namespace
}  // namespace sluice::pipeline
