#include "app/events.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::app {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Kind = config::Event;

constexpr WallTime kNoon{std::chrono::sys_days{std::chrono::year{2024} / 1 / 15} + 12h};
constexpr JobId kJob{.day = 20240115, .n = 3};

std::vector<Kind> kinds(const std::vector<Event>& events) {
  std::vector<Kind> all;
  for (const auto& event : events) all.push_back(event.kind);
  return all;
}

ports::JobHeader ended(int exit, ports::JobState state = ports::JobState::done) {
  ports::JobHeader header;
  header.id = kJob;
  header.name = "orders.csv";
  header.state = state;
  header.exit = exit;
  return header;
}

TEST(EventsOfAJob, SayWhatBecameOfItAndWhatToDo) {
  EXPECT_THAT(kinds(events_of(ended(0))), ElementsAre(Kind::finished));
  EXPECT_THAT(kinds(events_of(ended(2, ports::JobState::rejected))), ElementsAre(Kind::rejected));
  auto some = ended(1);
  some.counts[records::Outcome::refused] = 2;
  EXPECT_THAT(kinds(events_of(some)), ElementsAre(Kind::refused));
  EXPECT_THAT(events_of(some)[0].words, HasSubstr("2 refused"));
  some.counts[records::Outcome::in_doubt] = 1;
  EXPECT_THAT(kinds(events_of(some)), ElementsAre(Kind::refused, Kind::in_doubt));
  EXPECT_THAT(events_of(some)[1].words, HasSubstr("sluice resolve 20240115-3"));
}

TEST(EventJson, IsOneLineWithTheJobAndItsCounts) {
  auto header = ended(0);
  header.name = "line\nbreak.csv";
  header.counts[records::Outcome::accepted] = 7;
  const auto json = event_json(events_of(header)[0], kNoon);
  EXPECT_EQ(json.find('\n'), std::string::npos);
  EXPECT_THAT(json, HasSubstr(R"("event":"finished","at":"2024-01-15T12:00:00.000Z","job":"20240115-3")"));
  EXPECT_THAT(json, HasSubstr(R"("accepted":7)"));
}

TEST(LineWatch, TellsAPauseAndItsEndOnceEach) {
  LineWatch watch;
  pipeline::Status status{.at = kNoon};
  EXPECT_THAT(watch.look(status), IsEmpty());
  status.pause = pipeline::Pause::authorization;
  status.pause_words = "put a new credential in its place";
  EXPECT_THAT(kinds(watch.look(status)), ElementsAre(Kind::paused));
  EXPECT_THAT(watch.look(status), IsEmpty());
  status.pause = pipeline::Pause::stopping;
  EXPECT_THAT(watch.look(status), IsEmpty());
  status.pause = pipeline::Pause::none;
  EXPECT_THAT(kinds(watch.look(status)), ElementsAre(Kind::resumed));
}

TEST(LineWatch, TellsAHoldAgainOnlyWhereItsReasonIsAnother) {
  LineWatch watch;
  pipeline::Status status{.at = kNoon};
  status.jobs = {{.id = kJob, .name = "a.csv", .held = "guard.max_orders_per_file"}};
  EXPECT_THAT(kinds(watch.look(status)), ElementsAre(Kind::held));
  EXPECT_THAT(watch.look(status), IsEmpty());
  status.jobs[0].held = "refused alike";
  EXPECT_THAT(kinds(watch.look(status)), ElementsAre(Kind::held));
}

TEST(LineWatch, TellsAFileThatNobodyTakesAfterAnHourOnce) {
  LineWatch watch;
  pipeline::Status status{.at = kNoon};
  status.waiting = {"a.csv: still being written"};
  EXPECT_THAT(watch.look(status), IsEmpty());
  status.at += 59min;
  status.waiting = {"a.csv: it is empty"};
  EXPECT_THAT(watch.look(status), IsEmpty());
  status.at += 1min;
  EXPECT_THAT(kinds(watch.look(status)), ElementsAre(Kind::stuck));
  status.at += 5h;
  EXPECT_THAT(watch.look(status), IsEmpty());
}

}  // namespace
}  // namespace sluice::app
