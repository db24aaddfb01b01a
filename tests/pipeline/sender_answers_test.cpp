// What an answer means for all that is to be sent, and when the next request may start.
#include <gtest/gtest.h>

#include <string>

#include "sending_line.hpp"

namespace sluice::pipeline {
namespace {

using records::Outcome;
using namespace std::chrono_literals;

class SenderAnswers : public SendingLine {
 protected:
  static ScriptedUpstream::Reply http(int status, std::string retry_after) {
    auto reply = ScriptedUpstream::http(status);
    reply->retry_after = std::move(retry_after);
    return reply;
  }
  /// Every order of the body, with this in place of a status.
  static ScriptedUpstream::Reply say_word(const std::string& body, const std::string& status) {
    auto reply = ScriptedUpstream::say(body, 4711);
    auto& said = reply->body;
    for (auto at = said.find("4711"); at != std::string::npos; at = said.find("4711", at)) said.replace(at, 4, status);
    return reply;
  }
};

TEST_F(SenderAnswers, AfterAGatewaysTimeoutTheResendWaitsUntilTheApiMustHaveEnded) {
  for (const int status : {408, 504, 524}) {
    const auto before = api.starts.size();
    plan({1001}, 1, JobId{.day = kJob.day, .n = static_cast<std::uint32_t>(status)});
    api.script = [this, status, before](const auto& body) {
      return api.bodies.size() == before + 1 ? ScriptedUpstream::http(status) : ScriptedUpstream::say(body);
    };
    if (before == 0) begin();
    if (before > 0)
      ASSERT_TRUE(clock.run(sender.adopt(job(JobId{.day = kJob.day, .n = static_cast<std::uint32_t>(status)}))));
    clock.pass(10min);
    ASSERT_EQ(api.starts.size(), before + 2) << status;
    EXPECT_GE(api.starts[before + 1] - api.starts[before], settings.upstream.response_timeout) << status;
  }
}

TEST_F(SenderAnswers, AnotherServerErrorIsSentAgainAfterTheFirstDelay) {
  plan({1001}, 1);
  api.script = [this](const auto& body) {
    return api.bodies.size() == 1 ? ScriptedUpstream::http(502) : ScriptedUpstream::say(body);
  };
  begin();
  clock.pass(10min);
  ASSERT_EQ(api.starts.size(), 2);
  EXPECT_LT(api.starts[1] - api.starts[0], 2 * settings.retry.first_delay);
}

TEST_F(SenderAnswers, ThrottledWithoutARetryAfterItIsAskedEverMoreRarelyAndIsOneEpisode) {
  plan(uids(1), 1);
  api.script = [this](const auto& body) {
    return api.bodies.size() <= 5 ? ScriptedUpstream::http(429) : ScriptedUpstream::say(body);
  };
  begin();
  clock.pass(10min);
  ASSERT_EQ(api.starts.size(), 6);
  for (std::size_t i = 1; i < 6; ++i) {
    EXPECT_GE(api.starts[i] - api.starts[i - 1], std::chrono::seconds(1 << i));
    EXPECT_LT(api.starts[i] - api.starts[i - 1], std::chrono::seconds(1 << i) + 1s);
  }
  EXPECT_DOUBLE_EQ(slots.widening(), 1.1);
  EXPECT_EQ(settled(Outcome::accepted), 1);
}

TEST_F(SenderAnswers, NothingStartsBeforeARetryAfterIsOverNoProbeEither) {
  for (const int status : {401, 404, 429, 503}) {
    const auto before = api.starts.size();
    const JobId id{.day = kJob.day, .n = static_cast<std::uint32_t>(status)};
    plan({1001}, 1, id);
    api.script = [this, status, before](const auto& body) {
      return api.bodies.size() == before + 1 ? http(status, "600") : ScriptedUpstream::say(body);
    };
    if (before == 0) begin();
    if (before > 0) ASSERT_TRUE(clock.run(sender.adopt(job(id))));
    clock.pass(30min);
    ASSERT_EQ(api.starts.size(), before + 2) << status;
    EXPECT_GE(api.starts[before + 1] - api.starts[before], 600s) << status;
  }
}

TEST_F(SenderAnswers, A503AmongUsableAnswersWidensTheSpacingAndStopsNothing) {
  plan(uids(20), 1);
  api.script = [this](const auto& body) {
    return api.bodies.size() == 5 ? ScriptedUpstream::http(503) : ScriptedUpstream::say(body);
  };
  begin();
  clock.pass(3s);
  EXPECT_DOUBLE_EQ(slots.widening(), 1.1);
  EXPECT_GE(settled(Outcome::accepted), 19);
  for (std::size_t i = 1; i < 20; ++i) EXPECT_LT(api.starts[i] - api.starts[i - 1], 200ms);
}

TEST_F(SenderAnswers, ARetryAfterAloneIsWaitedForAndNotCountedAsThrottled) {
  for (const int status : {502, 429}) {
    const JobId id{.day = kJob.day, .n = static_cast<std::uint32_t>(status)};
    plan({static_cast<std::uint64_t>(status)}, 1, id);
    const auto before = api.bodies.size();
    api.script = [this, status, before](const auto& body) {
      auto reply = api.bodies.size() == before + 1 ? ScriptedUpstream::http(status) : ScriptedUpstream::say(body);
      if (reply->status == status) reply->retry_after = "40";
      return reply;
    };
    if (before == 0) begin();
    if (before > 0) ASSERT_TRUE(clock.run(sender.adopt(job(id))));
    clock.pass(2min);
    ASSERT_EQ(api.starts.size(), before + 2) << status;
    EXPECT_GE(api.starts[before + 1] - api.starts[before], 40s) << status;
    EXPECT_EQ(sender.meters().throttled, status == 429 ? 1 : 0) << status;
  }
}

TEST_F(SenderAnswers, WhereEveryBatchIsABadRequestNothingIsConsumedAfterTheThird) {
  for (const int status : {400, 422}) {
    const JobId id{.day = kJob.day, .n = static_cast<std::uint32_t>(status)};
    plan(uids(500), 50, id);
  }
  jobs.erase(kJob);
  api.script = [](const auto&) { return ScriptedUpstream::http(422); };
  begin();
  clock.pass(50s);
  EXPECT_EQ(breaker.pause(), Pause::address);
  EXPECT_NE(breaker.words().find("every batch"), std::string::npos) << breaker.words();
  EXPECT_EQ(api.bodies.size(), 3);
  EXPECT_TRUE(ledger.store.rows(kJob.n).empty());
  clock.pass(10min);
  EXPECT_TRUE(ledger.store.rows(kJob.n).empty()) << "the probes neither";
  api.script = [](const auto& body) { return ScriptedUpstream::say(body); };
  clock.pass(10min);
  for (const auto& [id, job] : jobs) EXPECT_EQ(job->header.counts[Outcome::accepted], 500) << to_string(id);
}

TEST_F(SenderAnswers, OneBadOrderIsFoundByHalvingThoughNothingWasAnsweredYet) {
  plan(uids(8), 8);
  api.script = [](const auto& body) {
    return body.contains("\"1003\"") ? ScriptedUpstream::http(400) : ScriptedUpstream::say(body);
  };
  begin();
  clock.pass(5min);
  EXPECT_EQ(settled(Outcome::accepted), 7);
  EXPECT_EQ(settled(Outcome::failed), 1);
  EXPECT_EQ(breaker.pause(), Pause::none);
}

TEST_F(SenderAnswers, StatusesThatAreWordsOrBooleansHoldTheJobAsRefusalsAllAlikeDo) {
  for (const std::string status : {"\"SUCCESS\"", "true", "77"}) {
    const JobId id{.day = kJob.day, .n = static_cast<std::uint32_t>(100 + status.size())};
    plan(uids(300, 1000 * id.n), 50, id);  // an order in doubt in one job is not sent for another
    api.script = [status](const auto& body) { return say_word(body, status); };
    if (api.bodies.empty()) begin();
    if (!api.bodies.empty()) ASSERT_TRUE(clock.run(sender.adopt(job(id))));
    clock.pass(1min);
    EXPECT_EQ(job(id).header.hold, ports::Hold::refused_alike) << status;
    EXPECT_LT(job(id).header.counts.total(), 300) << status;
  }
}

}  // namespace
}  // namespace sluice::pipeline
