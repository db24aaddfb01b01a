#include "sluice/pipeline/came_before.hpp"

#include <gtest/gtest.h>

#include <map>

namespace sluice::pipeline {
namespace {

using enum records::Outcome;
using ports::JobState;

constexpr JobId kOwn{.day = 20240115, .n = 9};

ports::JobHeader job(std::uint64_t n, JobState state, const std::map<records::Outcome, std::uint64_t>& counts = {}) {
  ports::JobHeader header;
  header.id = {.day = 20240115, .n = n};
  header.name = "a.csv";
  header.state = state;
  for (const auto& [outcome, count] : counts) {
    header.counts[outcome] = count;
    header.rows += count;
  }
  return header;
}

ports::Doubt doubt(std::uint64_t n, ports::LookedUp looked_up = ports::LookedUp::not_yet) {
  return {.order = "{}", .job = {.day = 20240115, .n = n}, .row = 1, .looked_up = looked_up};
}

bool says(const std::optional<std::string>& why, std::string_view words) {
  return why && why->find(words) != std::string::npos;
}

TEST(CameBefore, OfTwoAtWorkTheFirstGoes) {
  EXPECT_TRUE(says(why_not_again({job(3, JobState::sending)}, {}, kOwn), "20240115-3"));
  EXPECT_TRUE(says(why_not_again({job(3, JobState::surveying)}, {}, kOwn), "20240115-3"));
  EXPECT_FALSE(why_not_again({job(10, JobState::surveying)}, {}, kOwn));
}

TEST(CameBefore, WhatIsBeingSentGoesBeforeAnEarlierOneThatItPassedOver) {
  EXPECT_TRUE(says(why_not_again({job(10, JobState::sending)}, {}, kOwn), "20240115-10"));
  EXPECT_TRUE(says(why_not_again({job(10, JobState::staged)}, {}, kOwn), "20240115-10"));
  EXPECT_FALSE(why_not_again({job(9, JobState::sending)}, {}, kOwn)) << "itself";
}

TEST(CameBefore, AFileWithoutAJobComesAfterAllThatAreAtWork) {
  EXPECT_TRUE(
      says(why_not_again({job(10, JobState::surveying)}, {}, std::nullopt), "being worked on as job 20240115-10"));
}

TEST(CameBefore, ItsOwnJobIsNoReason) {
  EXPECT_FALSE(why_not_again({job(9, JobState::surveying)}, {}, kOwn));
}

TEST(CameBefore, WhatPlacedNothingMayComeAgain) {
  const std::vector earlier{job(1, JobState::done, {{refused, 2}, {not_sent, 3}}), job(2, JobState::rejected),
                            job(3, JobState::dropped)};
  EXPECT_FALSE(why_not_again(earlier, {}, std::nullopt));
}

TEST(CameBefore, WhatFailedIsPlacedFromItsFailuresFile) {
  const auto why = why_not_again({job(1, JobState::done, {{accepted, 1}, {refused, 1}})}, {}, kOwn);
  EXPECT_TRUE(says(why, "drop in outbox/a.20240115-1.failures.csv."));
  EXPECT_TRUE(says(why, "请放入 outbox/a.20240115-1.failures.csv。"));
  EXPECT_FALSE(says(why, "in-doubt"));
}

TEST(CameBefore, WhatIsInDoubtIsPlacedFromItsInDoubtFileOnceItIsLookedUp) {
  const std::vector doubts{doubt(1)};
  const auto why = why_not_again({job(1, JobState::done, {{in_doubt, 2}})}, doubts, kOwn);
  EXPECT_TRUE(says(why, "0 orders accepted, 2 in doubt"));
  EXPECT_TRUE(says(why, "look up each order of outbox/a.20240115-1.in-doubt.csv"));
  EXPECT_TRUE(says(why, "核实 outbox/a.20240115-1.in-doubt.csv"));
  EXPECT_TRUE(says(why, "sluice resolve 20240115-1 "));
  EXPECT_FALSE(says(why, "failures"));
}

TEST(CameBefore, WhatIsInDoubtInAnotherJobIsResolvedThere) {
  const std::vector earlier{job(4, JobState::done, {{in_doubt, 2}})};
  const auto why = why_not_again(earlier, {doubt(2), doubt(2), doubt(3, ports::LookedUp::applied)}, kOwn);
  EXPECT_TRUE(says(why, "names the job that it is in doubt in (20240115-2);")) << why.value_or("");
  EXPECT_TRUE(says(why, "结果不明的任务（20240115-2）"));
  EXPECT_FALSE(says(why, "sluice resolve 20240115-4")) << "it has nothing to resolve";
  const auto resolved = why_not_again(earlier, {doubt(3, ports::LookedUp::applied)}, kOwn);
  EXPECT_TRUE(says(resolved, "drop in outbox/a.20240115-4.in-doubt.csv with only")) << resolved.value_or("");
}

TEST(CameBefore, FailuresAndDoubtsAreBothNamed) {
  const auto why =
      why_not_again({job(1, JobState::done, {{accepted_earlier, 1}, {failed, 1}, {in_doubt, 1}})}, {}, kOwn);
  EXPECT_TRUE(says(why, "outbox/a.20240115-1.failures.csv"));
  EXPECT_TRUE(says(why, "outbox/a.20240115-1.in-doubt.csv"));
}

TEST(CameBefore, OfWhatWasPlacedWholeNothingIsLeft) {
  EXPECT_TRUE(says(why_not_again({job(1, JobState::done, {{accepted, 1}, {duplicate, 1}})}, {}, kOwn), "No row of it"));
}

}  // namespace
}  // namespace sluice::pipeline
