#include "app/drain_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace sluice::app {
namespace {

using ports::JobState;
using records::Outcome;
using testing::HasSubstr;

constexpr auto kEn = text::Lang::en;

ports::JobHeader ended(std::uint64_t n, JobState state, int exit) {
  ports::JobHeader job;
  job.id = {.day = 20240115, .n = n};
  job.name = "orders.csv";
  job.state = state;
  job.exit = exit;
  job.counts[Outcome::accepted] = 49;
  return job;
}

std::ptrdiff_t lines(const std::string& text) {
  return std::ranges::count(text, '\n');
}

TEST(DrainReport, SaysNothingWhenAllWasAccepted) {
  EXPECT_EQ(drain_report({}, {}, kEn), "");
  EXPECT_EQ(drain_report({}, {ended(1, JobState::done, 0)}, kEn), "");
}

TEST(DrainReport, SaysOfARefusedOrderWhatToDo) {
  auto job = ended(1, JobState::done, 1);
  job.counts[Outcome::refused] = 1;
  EXPECT_EQ(drain_report({}, {ended(2, JobState::done, 0), job}, kEn),
            "20240115-1 (orders.csv): done, and some were not accepted: 49 accepted, 1 refused. Those were not placed "
            "and cost nothing: mend outbox/*.20240115-1.failures.* and drop it in again\n");
}

TEST(DrainReport, SaysWhyWorkIsLeftBeforeWhatBecameOfTheRest) {
  pipeline::Status status;
  status.pause = pipeline::Pause::stopping;
  status.pause_words = "the API does not accept the credential: put a new one";
  pipeline::JobStatus held{.id = {.day = 20240115, .n = 3}, .name = "a.csv"};
  held.held = "look at it";
  const pipeline::JobStatus left{.id = {.day = 20240115, .n = 4}, .name = "b.csv"};
  status.jobs = {held, left};
  status.waiting = {"c.csv: still being written"};
  const auto said = drain_report(status, {ended(1, JobState::rejected, 2)}, kEn);
  EXPECT_EQ(said,
            "paused: the API does not accept the credential: put a new one\n"
            "20240115-3 is held: look at it\n"
            "left: 20240115-4 (b.csv): the time was over\n"
            "not taken: c.csv: still being written\n"
            "20240115-1 (orders.csv): the file was rejected whole, nothing of it was sent; "
            "rejected/*.20240115-1.reason.txt says why\n");
}

TEST(DrainReport, HasTenLinesAtMostWhateverHappened) {
  std::vector<ports::JobHeader> many(200, ended(1, JobState::rejected, 2));
  const auto said = drain_report({}, many, kEn);
  EXPECT_EQ(lines(said), 10);
  EXPECT_THAT(said, HasSubstr("191 more"));
  EXPECT_THAT(drain_report({}, many, text::Lang::zh), HasSubstr("191"));
  many.resize(10);
  EXPECT_EQ(lines(drain_report({}, many, kEn)), 10);
}

TEST(DrainReport, NoNameForgesALine) {
  auto job = ended(1, JobState::rejected, 2);
  job.name = "a\nb\x1b[2J.csv";
  EXPECT_EQ(lines(drain_report({}, {job}, kEn)), 1);
}

}  // namespace
}  // namespace sluice::app
