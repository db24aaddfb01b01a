#include "sluice/control/views.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace sluice::control {
namespace {

using records::Outcome;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

constexpr WallTime kNoon = std::chrono::sys_days{std::chrono::year{2024} / 1 / 15} + 12h;

pipeline::JobStatus half_done() {
  pipeline::JobStatus job{.id = {.day = 20240115, .n = 3},
                          .name = "orders.csv",
                          .state = ports::JobState::sending,
                          .service = "create",
                          .rows = 200,
                          .unsettled = 100,
                          .requests = 4,
                          .eta = kNoon + 90s,
                          .held = {},
                          .waits = {}};
  job.counts[Outcome::accepted] = 97;
  job.counts[Outcome::refused] = 3;
  return job;
}

pipeline::Status quiet() {
  return {.at = kNoon,
          .pause_words = {},
          .rate = 10,
          .recent_rate = 8.25,
          .in_flight = 2,
          .requests = 4,
          .jobs = {},
          .waiting = {}};
}

std::string shown(const pipeline::Status& status, bool color = false) {
  return status_text(parse_status(status_json(status)).value(), color);
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t times = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++times;
  return times;
}

TEST(StatusText, AQuietLineSaysItsPaceAndThatThereIsNothingToDo) {
  EXPECT_EQ(shown(quiet()), "gate: 8.2 requests/s of 10 allowed, 2 in flight, 4 sent\nno job at work\n");
}

TEST(StatusText, AJobHasABarHalfFullItsCountsAndAnEta) {
  auto status = quiet();
  status.jobs = {half_done()};
  const auto text = shown(status);
  EXPECT_THAT(text, HasSubstr("20240115-3  orders.csv  "));
  EXPECT_THAT(text, HasSubstr(" 50% 100/200, done about 12:01:30 UTC"));
  EXPECT_THAT(text, HasSubstr("so far: 97 accepted, 3 refused"));
  EXPECT_EQ(count(text, "█"), 15);
  EXPECT_EQ(count(text, "░"), 15);
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(shown(status, true), HasSubstr("\x1b[32m█"));
}

TEST(StatusText, AJobThatOutlastsSeventeenOclockSaysSo) {
  auto status = quiet();
  status.jobs = {half_done()};
  status.jobs[0].service = "create";
  EXPECT_THAT(shown(status), Not(HasSubstr("17:00")));
  status.jobs[0].eta = kNoon + 24h;  // 12:00 UTC is 20:00 UTC+8
  EXPECT_THAT(shown(status), HasSubstr("late: not done before 17:00 (UTC+8)"));
}

TEST(StatusText, ABarIsFullOnlyWhenAllIsSettled) {
  auto status = quiet();
  status.jobs = {half_done()};
  status.jobs[0].unsettled = 1;
  EXPECT_EQ(count(shown(status), "░"), 1);
  status.jobs[0].unsettled = 0;
  EXPECT_EQ(count(shown(status), "░"), 0);
}

TEST(StatusText, AJobBeingReadHasNoBar) {
  auto status = quiet();
  status.jobs = {half_done()};
  status.jobs[0].state = ports::JobState::surveying;
  EXPECT_THAT(shown(status), HasSubstr("20240115-3  orders.csv  surveying\n"));
}

TEST(StatusText, SaysWhatIsHeldWhatItWaitsForAndWhatMayBeApplied) {
  auto status = quiet();
  status.jobs = {half_done()};
  status.jobs[0].held = "held by the operator; `sluice release 20240115-3` goes on";
  status.jobs[0].waits = "another order of this uid";
  status.jobs[0].maybe_applied = 7;
  const auto text = shown(status);
  EXPECT_THAT(text, HasSubstr("HELD: held by the operator; `sluice release 20240115-3` goes on\n"));
  EXPECT_THAT(text, HasSubstr("waits: another order of this uid\n"));
  EXPECT_THAT(text, HasSubstr("perhaps applied, being asked again: 7\n"));
}

TEST(StatusText, APausedLineSaysSoFirstSinceWhenAndWhatToDo) {
  auto status = quiet();
  status.pause = pipeline::Pause::authorization;
  status.pause_words = "put a new credential in its place";
  status.paused_since = kNoon - 1h;
  EXPECT_TRUE(
      shown(status).starts_with("PAUSED (authorization, since 11:00:00 UTC): put a new credential in its place\n"));
}

TEST(StatusText, OtherHostsAndTheirJobsAreShownAndTheOnesThatAreGone) {
  auto status = quiet();
  status.hosts = {{.name = "one", .ours = true, .alive = true, .seen = kNoon, .jobs = 0}};
  EXPECT_THAT(shown(status), Not(HasSubstr("host one"))) << "it is alone";
  status.hosts.push_back({.name = "two", .alive = true, .seen = kNoon, .jobs = 1});
  status.hosts.push_back({.name = "three", .seen = kNoon - 1h, .jobs = 2});
  status.hosts.push_back({.name = "four", .seen = kNoon - 1h});
  status.elsewhere = {{.id = {.day = 20240115, .n = 4},
                       .host = "two",
                       .name = "orders.csv",
                       .state = ports::JobState::sending,
                       .rows = 30,
                       .held = "held by alice@one"}};
  status.elsewhere[0].counts[records::Outcome::accepted] = 7;
  const auto text = shown(status);
  EXPECT_THAT(text, HasSubstr("at host two: 20240115-4  orders.csv  sending  7/30: 7 accepted\n"
                              "    HELD: held by alice@one\n"));
  EXPECT_THAT(text, HasSubstr("host two: at work, 1 job\n"));
  EXPECT_THAT(text, HasSubstr("host three: NOT AT WORK, last seen 2024-01-15 11:00:00 UTC, 2 jobs left"));
  EXPECT_THAT(text, HasSubstr("host four: not at work"));
}

TEST(Health, IsAnExitCodeAndALineThatSaysWhy) {
  auto status = quiet();
  EXPECT_EQ(health_of(status).exit, 0);
  EXPECT_EQ(health_of(status).words, "working\n");
  status.jobs = {{.id = {.day = 20240115, .n = 3}, .held = "held by the operator"}};
  EXPECT_EQ(health_of(status).exit, 1);
  EXPECT_THAT(health_of(status).words, HasSubstr("20240115-3: held by the operator"));
  status.pause = pipeline::Pause::outage;
  status.pause_words = "no answer";
  EXPECT_EQ(health_of(status).exit, 1);
  EXPECT_THAT(health_of(status).words, HasSubstr("no answer"));
  status.note = "no sluice process runs";
  EXPECT_EQ(health_of(status).exit, 2);
}

TEST(StatusText, TheGateSaysWhenItIsSlowedDown) {
  auto status = quiet();
  status.widening = 1.1;
  status.throttled = 3;
  status.closed_until = kNoon + 2s;
  const auto text = shown(status);
  EXPECT_THAT(text, HasSubstr(", 3 throttled, spacing ×1.10, closed until 12:00:02 UTC"));
}

TEST(StatusText, FilesThatAreNotTakenAreNamedWithTheirReasons) {
  auto status = quiet();
  status.waiting = {"b.csv: still being written"};
  EXPECT_THAT(shown(status), HasSubstr("not taken: b.csv: still being written\n"));
}

TEST(StatusText, AJobInDoubtIsNamedWithWhatToDoAndEndedOnesWithWhatBecameOfThem) {
  auto status = quiet();
  status.in_doubt = {
      {.id = {.day = 20240115, .n = 1}, .name = "a.csv", .orders = 3, .file = "a.20240115-1.in-doubt.csv"}};
  pipeline::EndedJob ended{.id = {.day = 20240115, .n = 1}, .name = "a.csv", .exit = 1, .finished = kNoon};
  ended.counts[Outcome::in_doubt] = 3;
  status.ended = {ended};
  const auto text = shown(status);
  EXPECT_THAT(
      text, HasSubstr("IN DOUBT: 20240115-1  a.csv: 3 orders may or may not have been placed; look up each row of "
                      "outbox/a.20240115-1.in-doubt.csv. All were placed: `sluice resolve 20240115-1 --applied`; none: "
                      "`--not-applied`; some: add a column `applied` to that file"));
  EXPECT_THAT(text, HasSubstr("finished: 20240115-1  a.csv  done 2024-01-15 12:00:00 UTC: 3 in_doubt\n"));
  const auto object = boost::json::parse(status_json(status)).as_object();
  EXPECT_EQ(object.at("in_doubt").at(0).at("orders"), 3);
  EXPECT_EQ(object.at("finished").at(0).at("exit"), 1);
}

TEST(StatusText, ACredentialThatCannotBeReadIsTold) {
  auto status = quiet();
  status.credential = "cannot read /etc/sluice/authorization";
  EXPECT_THAT(shown(status),
              HasSubstr("CREDENTIAL: cannot read /etc/sluice/authorization; the one read before stays "));
}

TEST(StatusText, WhyNewFilesAreNotHeardOfIsTold) {
  auto status = quiet();
  status.inbox = "this user has too many inotify instances";
  EXPECT_THAT(shown(status), HasSubstr("inbox: this user has too many inotify instances\n"));
}

TEST(StatusText, WhereNoProcessAnsweredItSaysSoFirstAndNothingOfAPace) {
  auto status = quiet();
  status.note = "no sluice process works this spool";
  EXPECT_TRUE(shown(status).starts_with("no sluice process works this spool\n"));
  EXPECT_THAT(shown(status), Not(HasSubstr("gate:")));
}

TEST(StatusText, WhatIsNoStatusIsRefusedAndWhatIsMissingIsLeftOut) {
  for (const auto* text : {"", "[]", "{", "garbage"}) {
    const auto status = parse_status(text);
    ASSERT_FALSE(status) << text;
    EXPECT_EQ(status.error().kind, ErrorKind::bad_input);
  }
  const auto status = parse_status(
      R"({"jobs":[{"state":"sending","rows":-1,"counts":7,"eta":"soon"},7],"waiting":3,"pause":"lunch","rate":"x"})");
  ASSERT_TRUE(status);
  ASSERT_EQ(status->jobs.size(), 2);
  EXPECT_EQ(status->jobs[0].state, ports::JobState::sending);
  EXPECT_EQ(status->jobs[0].rows, 0);
  EXPECT_EQ(status->pause, pipeline::Pause::none);
}

TEST(StatusText, NothingThatComesOverTheSocketCommandsTheTerminal) {
  auto status = quiet();
  status.note = status.pause_words = status.credential = status.inbox = "\x1b[2J";
  status.pause = pipeline::Pause::storage;
  status.waiting = {"\x1b[2J"};
  status.jobs = {half_done()};
  status.jobs[0].name = status.jobs[0].held = status.jobs[0].waits = "\x1b[2J";
  status.in_doubt = {{.name = "\x1b[2J", .orders = 1, .file = "\x1b[2J"}};
  status.ended = {{.name = "\x1b[2J"}};
  EXPECT_THAT(shown(status), Not(HasSubstr("\x1b")));
}

TEST(StatusJson, IsReadBackAsItWas) {
  auto status = quiet();
  status.pause = pipeline::Pause::outage;
  status.paused_since = kNoon - 1h;
  status.closed_until = kNoon + 2s;
  status.jobs = {half_done()};
  status.in_doubt = {{.id = {.day = 20240115, .n = 1}, .name = "a.csv", .orders = 3, .file = "a.in-doubt.csv"}};
  status.ended = {{.id = {.day = 20240115, .n = 1}, .name = "a.csv", .exit = 1, .finished = kNoon}};
  status.waiting = {"b.csv: still being written"};
  const auto json = status_json(status);
  EXPECT_EQ(status_json(parse_status(json).value()), json);
}

TEST(StatusJson, HasEveryKeyAScriptMayAskFor) {
  auto status = quiet();
  status.jobs = {half_done()};
  const auto object = boost::json::parse(status_json(status)).as_object();
  EXPECT_EQ(object.at("pause"), "none");
  EXPECT_TRUE(object.at("paused_since").is_null());
  EXPECT_EQ(object.at("at"), "2024-01-15T12:00:00.000Z");
  const auto& job = object.at("jobs").at(0).as_object();
  EXPECT_EQ(job.at("job"), "20240115-3");
  EXPECT_EQ(job.at("state"), "sending");
  EXPECT_EQ(job.at("counts").at("accepted"), 97);
  EXPECT_EQ(job.at("unsettled"), 100);
}

ports::JobHeader header() {
  return {.id = {.day = 20240115, .n = 3},
          .name = "orders.csv",
          .state = ports::JobState::done,
          .format = {},
          .base_url = "https://api/",
          .content_hash = "abcd",
          .rows = 2,
          .hold_words = {},
          .reason = {},
          .exit = 1,
          .finished_at = kNoon};
}

TEST(JobText, ShowsWhatThereIsALineEach) {
  const auto text = job_text(job_json(header(), "not resolved: look", "held by alice")).value();
  EXPECT_THAT(text, HasSubstr("job           20240115-3\n"));
  EXPECT_THAT(text, HasSubstr("doubts        not resolved: look\n"));
  EXPECT_THAT(text, HasSubstr("decided       held by alice\n"));
  EXPECT_THAT(text, HasSubstr("exit          1\n"));
  EXPECT_THAT(text, HasSubstr("state         done\n"));
  EXPECT_THAT(text, HasSubstr("finished      2024-01-15 12:00:00 UTC\n"));
  EXPECT_THAT(text, Not(HasSubstr("null")));
  EXPECT_THAT(text, Not(HasSubstr("reason")));
}

TEST(JobText, AJobAtWorkHasNoExitYetAndOneWithoutDoubtsSaysNothingOfThem) {
  auto job = header();
  job.state = ports::JobState::sending;
  job.exit = 0;
  EXPECT_TRUE(boost::json::parse(job_json(job, "", "held by alice")).at("exit").is_null());
  const auto text = job_text(job_json(job, "", "held by alice")).value();
  EXPECT_THAT(text, Not(HasSubstr("exit")));
  EXPECT_THAT(text, Not(HasSubstr("doubts")));
}

TEST(JobText, ANameThatIsNoUtf8StillMakesJson) {
  auto job = header();
  job.name = "\xc1\xaa.csv";
  EXPECT_THAT(job_text(job_json(job, "", "held by alice")).value(), HasSubstr("\\xC1\\xAA.csv"));
}

TEST(JobText, NothingOfANameOrReasonCanForgeALineOrCommandTheTerminal) {
  auto job = header();
  job.name = "a\ndoubts        resolved\x1b[2J.csv";
  job.reason = "first\nsecond\x1b[2J";
  const auto text = job_text(job_json(job, "", "held by alice")).value();
  EXPECT_THAT(text, Not(HasSubstr("\ndoubts")));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, HasSubstr("first\nsecond"));
}

TEST(SaidText, IsTheWordsAndALineBreak) {
  EXPECT_EQ(said_text(said_json("20240115-3 is \"held\"")).value(), "20240115-3 is \"held\"\n");
  EXPECT_FALSE(said_text("nonsense"));
}

TEST(InChinese, ThePictureHasNoEnglishSentence) {
  auto status = quiet();
  status.jobs = {half_done()};
  status.jobs[0].held = text::both("held by alice", "由 alice 暂停");
  status.pause = pipeline::Pause::outage;
  status.pause_words = text::both("no answer", "没有答复");
  status.waiting = {text::both("b.csv: it is empty", "b.csv：文件是空的")};
  const auto shown = status_text(parse_status(status_json(status)).value(), false, text::Lang::zh);
  EXPECT_EQ(shown,
            "全部发送已暂停（接口故障）：没有答复\n"
            "发送：每秒 8.2 个请求（上限 10），进行中 2，已发送 4\n"
            "20240115-3  orders.csv  ███████████████░░░░░░░░░░░░░░░ 50% 100/200，预计 20:01:30（UTC+8） 完成\n"
            "    目前：已接受：97，被拒绝：3\n"
            "    已暂停：由 alice 暂停\n"
            "未接收：b.csv：文件是空的\n");
}

TEST(InChinese, AJobsTextsAreThoseOfTheReader) {
  const auto json =
      job_json(header(), text::both("not resolved", "未了结"), text::both("held by alice", "由 alice 暂停"));
  const auto chinese = job_text(json, text::Lang::zh).value();
  EXPECT_THAT(chinese, HasSubstr("未了结"));
  EXPECT_THAT(chinese, HasSubstr("由 alice 暂停"));
  EXPECT_THAT(chinese, Not(HasSubstr("not resolved")));
  EXPECT_THAT(job_text(json).value(), Not(HasSubstr("未了结")));
  EXPECT_EQ(said_text(said_json(text::both("resumed", "已恢复")), text::Lang::zh).value(), "已恢复\n");
}

}  // namespace
}  // namespace sluice::control
