#include "sluice/pipeline/line.hpp"

#include <gtest/gtest.h>

#include "fake_clock.hpp"

namespace sluice::pipeline {
namespace {

using orders::AnswerClass;
using namespace std::chrono_literals;

constexpr Boottime kStart{1h};

class LineTest : public testing::Test {
 protected:
  void ambiguous(Boottime started, Boottime now) { line.ambiguous_answer(started, now, kNoon, "HTTP 502"); }
  void outage() {
    for (int i = 0; i < 3; ++i) ambiguous(kStart, kStart);
  }
  /// Of a request that starts and is answered at that moment.
  void refused(AnswerClass what, Boottime now = kStart) { line.refused_line(what, now, now, kNoon, "code 401"); }
  void unreachable(ErrorKind kind, Boottime now = kStart) { line.unreachable({kind, "no way"}, now, kNoon, 0); }
  /// A probe that starts as soon as it may and is answered so after a second.
  Boottime probe_fails_ambiguously() {
    const auto started = line.next_chance();
    EXPECT_FALSE(line.may_start(started - 1ns));
    EXPECT_TRUE(line.may_start(started));
    line.probe_started();
    EXPECT_FALSE(line.may_start(started + 1h)) << "one at a time";
    ambiguous(started, started + 1s);
    line.probe_ended();
    return started + 1s;
  }

  config::Settings settings;
  Line line{settings};
};

TEST_F(LineTest, IsOpenToBeginWith) {
  EXPECT_TRUE(line.open());
  EXPECT_TRUE(line.may_start(kStart));
  EXPECT_EQ(line.pause(), Pause::none);
  EXPECT_EQ(line.words(), "");
  EXPECT_EQ(line.since(), std::nullopt);
}

TEST_F(LineTest, BrakesAfterThreeAmbiguousAnswersRunning) {
  ambiguous(kStart, kStart);
  ambiguous(kStart, kStart);
  EXPECT_TRUE(line.open());
  EXPECT_FALSE(line.braking(kStart));
  ambiguous(kStart, kStart);
  EXPECT_EQ(line.pause(), Pause::outage);
  EXPECT_TRUE(line.braking(kStart));
  EXPECT_EQ(line.since(), kNoon);
  EXPECT_NE(line.words().find("HTTP 502"), std::string::npos);
}

TEST_F(LineTest, AUsableAnswerBetweenThemIsNoOutage) {
  ambiguous(kStart, kStart);
  ambiguous(kStart, kStart);
  line.usable_answer(kStart, kStart);
  ambiguous(kStart, kStart);
  ambiguous(kStart, kStart);
  EXPECT_TRUE(line.open());
  EXPECT_EQ(line.last_usable(), kStart);
}

TEST_F(LineTest, ProbesFirstDelayToMaxDelayApart) {
  outage();
  auto told = kStart;
  for (const auto apart : {6s, 12s, 24s, 48s, 96s, 192s, 300s, 300s}) {
    EXPECT_EQ(line.next_chance() - told, apart);
    told = probe_fails_ambiguously();
  }
}

TEST_F(LineTest, AProbeThatIsAnsweredEndsTheOutage) {
  outage();
  const auto started = line.next_chance();
  line.probe_started();
  line.usable_answer(started, started + 1s);
  EXPECT_TRUE(line.open());
  EXPECT_TRUE(line.may_start(started + 1s));
}

TEST_F(LineTest, AnswersToRequestsFromBeforeThePauseNeitherEndNorProlongIt) {
  outage();
  const auto probe = line.next_chance();
  line.usable_answer(kStart - 1s, kStart + 1s);
  EXPECT_EQ(line.pause(), Pause::outage);
  ambiguous(kStart - 1s, kStart + 2s);
  EXPECT_EQ(line.next_chance(), probe);
}

TEST_F(LineTest, AProbeThatToldNothingIsTriedAgainAtOnce) {
  outage();
  const auto probe = line.next_chance();
  line.probe_started();
  line.probe_ended();
  EXPECT_TRUE(line.may_start(probe));
}

TEST_F(LineTest, TheBrakeIsOffWhenTheOutageHasLastedLongEnough) {
  outage();
  EXPECT_TRUE(line.braking(kStart + settings.retry.outage - 1ns));
  EXPECT_FALSE(line.braking(kStart + settings.retry.outage));
  EXPECT_FALSE(line.open());
}

TEST_F(LineTest, RefusalsPauseWithTheirOwnWordsAndProbeSlowly) {
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
    Line fresh(settings);
    fresh.refused_line(row.what, kStart, kStart, kNoon, "code 401");
    EXPECT_EQ(fresh.pause(), row.pause);
    EXPECT_NE(fresh.words().find(row.advice), std::string::npos) << fresh.words();
    EXPECT_NE(fresh.words().find("code 401"), std::string::npos);
    EXPECT_EQ(fresh.next_chance(), kStart + 60s);
    EXPECT_FALSE(fresh.braking(kStart)) << "the brake is for outages";
  }
}

TEST_F(LineTest, ARefusalWithinAnOutageIsThePauseThatCounts) {
  outage();
  refused(AnswerClass::unauthorized, kStart + 6s);
  EXPECT_EQ(line.pause(), Pause::authorization);
  EXPECT_EQ(line.next_chance(), kStart + 66s);
}

TEST_F(LineTest, AProbeThatIsRefusedOrAmbiguousLeavesAPauseForAuthorizationSlow) {
  refused(AnswerClass::unauthorized);
  line.probe_started();
  refused(AnswerClass::unauthorized, kStart + 61s);
  line.probe_ended();
  EXPECT_EQ(line.next_chance(), kStart + 121s);
  line.probe_started();
  ambiguous(kStart + 121s, kStart + 122s);
  line.probe_ended();
  EXPECT_EQ(line.pause(), Pause::authorization);
  EXPECT_EQ(line.next_chance(), kStart + 182s);
}

TEST_F(LineTest, ALateRefusalNeitherEndsTheProbeUnderWayNorPutsOffTheNext) {
  refused(AnswerClass::unauthorized);
  const auto probe = line.next_chance();
  line.refused_line(AnswerClass::unauthorized, kStart - 1s, probe - 1s, kNoon, "code 401");
  EXPECT_EQ(line.next_chance(), probe);
  line.probe_started();
  line.refused_line(AnswerClass::unauthorized, kStart - 1s, probe + 1s, kNoon, "code 401");
  EXPECT_TRUE(line.probing()) << "it goes on";
  EXPECT_FALSE(line.may_start(probe + 1h)) << "and no second one starts beside it";
}

TEST_F(LineTest, WhatOthersMeetDoesNotEndTheProbeUnderWay) {
  outage();
  line.probe_started();
  unreachable(ErrorKind::network, kStart + 7s);
  EXPECT_TRUE(line.probing());
  EXPECT_FALSE(line.may_start(kStart + 1h));
}

TEST_F(LineTest, AProbeDoesNotStartUnderAPauseThatBeganSince) {
  outage();
  line.probe_started();
  refused(AnswerClass::unauthorized, kStart + 7s);
  EXPECT_FALSE(line.probing()) << "no request starts after the first such answer is read";
  EXPECT_FALSE(line.may_start(kStart + 1h)) << "though it has not ended yet";
  line.probe_ended();
  EXPECT_TRUE(line.may_start(kStart + 67s));
}

TEST_F(LineTest, ANewCredentialEndsAPauseForAuthorizationAndNoOther) {
  refused(AnswerClass::unauthorized);
  line.new_credential(kStart);
  EXPECT_TRUE(line.open());
  refused(AnswerClass::misrouted);
  line.new_credential(kStart);
  EXPECT_EQ(line.pause(), Pause::address);
  line.try_again();
  EXPECT_TRUE(line.open());
}

TEST_F(LineTest, ALateRefusalOfTheOldCredentialSaysNothingOfTheNewOne) {
  line.new_credential(kStart + 1s);
  line.refused_line(AnswerClass::unauthorized, kStart, kStart + 2s, kNoon, "401");
  EXPECT_TRUE(line.open());
  line.refused_line(AnswerClass::misrouted, kStart, kStart + 2s, kNoon, "404");
  EXPECT_EQ(line.pause(), Pause::address) << "that has nothing to do with it";
  line.try_again();
  line.refused_line(AnswerClass::unauthorized, kStart + 1s, kStart + 2s, kNoon, "401");
  EXPECT_EQ(line.pause(), Pause::authorization);
}

TEST_F(LineTest, TryingAgainCountsAmbiguousAnswersAnew) {
  outage();
  line.try_again();
  ambiguous(kStart, kStart);
  ambiguous(kStart, kStart);
  EXPECT_TRUE(line.open());
}

TEST_F(LineTest, UnreachableIsAnOutageThatAConnectionEnds) {
  unreachable(ErrorKind::network);
  EXPECT_EQ(line.pause(), Pause::outage);
  EXPECT_EQ(line.next_chance(), kStart + 6s);
  unreachable(ErrorKind::network, kStart + 6s);
  EXPECT_EQ(line.next_chance(), kStart + 18s);
  line.reachable();
  EXPECT_TRUE(line.open());
}

TEST_F(LineTest, AConnectionDoesNotEndAPauseThatAnAnswerBegan) {
  outage();
  line.reachable();
  EXPECT_EQ(line.pause(), Pause::outage);
  Line other(settings);
  other.refused_line(AnswerClass::unauthorized, kStart, kStart, kNoon, "");
  other.reachable();
  EXPECT_EQ(other.pause(), Pause::authorization);
}

TEST_F(LineTest, ABadCertificatePausesAsSuchAndIsTriedOnceAMinute) {
  unreachable(ErrorKind::certificate);
  EXPECT_EQ(line.pause(), Pause::certificate);
  EXPECT_EQ(line.words(), "no way");
  EXPECT_EQ(line.next_chance(), kStart + 60s);
  EXPECT_FALSE(line.braking(kStart));
  unreachable(ErrorKind::network, kStart + 60s);
  EXPECT_EQ(line.pause(), Pause::outage) << "what is wrong now is something else";
}

TEST_F(LineTest, TheOperatorsPauseEndsOnlyByTheOperator) {
  line.set_operator_pause(true, kNoon);
  EXPECT_EQ(line.pause(), Pause::by_operator);
  EXPECT_EQ(line.since(), kNoon);
  EXPECT_EQ(line.next_chance(), Boottime::max());
  line.usable_answer(kStart + 1s, kStart + 2s);
  line.try_again();
  line.reachable();
  EXPECT_FALSE(line.may_start(kStart + 24h));
  line.set_operator_pause(false, kNoon);
  EXPECT_TRUE(line.may_start(kStart));
}

TEST_F(LineTest, AnOutageUnderTheOperatorsPauseIsStillThereAfterwards) {
  line.set_operator_pause(true, kNoon);
  outage();
  EXPECT_EQ(line.pause(), Pause::by_operator);
  line.set_operator_pause(false, kNoon);
  EXPECT_EQ(line.pause(), Pause::outage);
}

TEST(PauseNames, AreStoredInLogsAndScripts) {
  EXPECT_EQ(name(Pause::none), "none");
  EXPECT_EQ(name(Pause::by_operator), "operator");
  EXPECT_EQ(name(Pause::authorization), "authorization");
  EXPECT_EQ(name(Pause::stopping), "stopping");
}

}  // namespace
}  // namespace sluice::pipeline
