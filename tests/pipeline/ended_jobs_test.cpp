#include "pipeline/ended_jobs.hpp"

#include <gtest/gtest.h>

#include "fake_clock.hpp"
#include "memory_ledger.hpp"

namespace sluice::pipeline {
namespace {

using ports::JobState;
using namespace std::chrono_literals;

ports::JobHeader job(std::uint64_t n, std::uint64_t in_doubt = 0, JobState state = JobState::done) {
  ports::JobHeader header;
  header.id = {.day = 20240115, .n = n};
  header.name = "orders.csv";
  header.state = state;
  header.counts[records::Outcome::in_doubt] = in_doubt;
  header.finished_at = kNoon;
  return header;
}

Status told(const EndedJobs& jobs, WallTime now = kNoon) {
  Status status;
  jobs.add_to(status, now);
  return status;
}

class EndedJobsTest : public testing::Test {
 protected:
  void load() { ASSERT_TRUE(clock.run(jobs.load(ledger, kNoon))); }
  void knows(ports::JobHeader header, std::uint64_t doubts) {
    ports::PutDoubts put;
    for (std::uint64_t row = 1; row <= doubts; ++row) {
      put.doubts.push_back({.order = "{}", .job = header.id, .row = row, .since = kNoon});
    }
    ledger.store.apply({ports::PutJob{std::move(header)}, std::move(put)});
  }

  FakeClock clock;
  MemoryLedger ledger;
  EndedJobs jobs;
};

TEST_F(EndedJobsTest, TellsWhatTheLedgerKnowsOfEarlierProcesses) {
  knows(job(3, 2), 2);
  load();
  const auto status = told(jobs);
  ASSERT_EQ(status.ended.size(), 1);
  EXPECT_EQ(status.ended[0].id, (JobId{20240115, 3}));
  ASSERT_EQ(status.in_doubt.size(), 1);
  EXPECT_EQ(status.in_doubt[0].orders, 2);
  EXPECT_EQ(status.in_doubt[0].file, "orders.20240115-3.in-doubt.csv");
}

TEST_F(EndedJobsTest, AJobIsInDoubtUntilItIsResolved) {
  jobs.ended(job(3, 2), 2);
  jobs.ended(job(4), 0);
  ASSERT_EQ(told(jobs).in_doubt.size(), 1);
  EXPECT_EQ(told(jobs).in_doubt[0].id, (JobId{20240115, 3}));
  jobs.resolved({20240115, 3}, 1);
  EXPECT_EQ(told(jobs).in_doubt[0].orders, 1);
  jobs.resolved({20240115, 3}, 0);
  EXPECT_TRUE(told(jobs).in_doubt.empty());
  EXPECT_EQ(told(jobs).ended.size(), 2) << "it ended all the same";
}

TEST_F(EndedJobsTest, AJobThatTheLedgerKnowsAsResolvedIsNotInDoubt) {
  knows(job(3, 2), 0);
  load();
  EXPECT_EQ(told(jobs).ended.size(), 1);
  EXPECT_TRUE(told(jobs).in_doubt.empty());
}

TEST_F(EndedJobsTest, AnOrderThatSomebodyLookedUpIsNotInDoubtAnyMore) {
  knows(job(3, 2), 2);
  ledger.store.apply({ports::ResolveDoubts{job(3).id, ports::LookedUp::applied, {1}}});
  load();
  ASSERT_EQ(told(jobs).in_doubt.size(), 1);
  EXPECT_EQ(told(jobs).in_doubt[0].orders, 1);
}

TEST_F(EndedJobsTest, AJobWhoseOrdersAreInDoubtInAnotherIsNotTold) {
  jobs.ended(job(3, 2), 0);
  EXPECT_TRUE(told(jobs).in_doubt.empty());
}

TEST_F(EndedJobsTest, AJobAtWorkIsInDoubtOnlyOnceItHasEnded) {
  knows(job(3, 1, JobState::sending), 1);
  load();
  EXPECT_TRUE(told(jobs).in_doubt.empty()) << "it can't be resolved yet";
  jobs.ended(job(3, 2), 2);
  ASSERT_EQ(told(jobs).in_doubt.size(), 1);
  EXPECT_EQ(told(jobs).in_doubt[0].orders, 2);
}

TEST_F(EndedJobsTest, WhatTheLedgerForgetsAfterThirtyDaysIsNotToldEither) {
  jobs.ended(job(3, 2), 2);
  EXPECT_EQ(told(jobs, kNoon + ports::kDoubtsKept - 1ms).in_doubt.size(), 1);
  EXPECT_TRUE(told(jobs, kNoon + ports::kDoubtsKept).in_doubt.empty());
}

TEST_F(EndedJobsTest, TheLastFiveAreToldNewestFirst) {
  for (std::uint64_t n = 1; n <= 7; ++n) jobs.ended(job(n), 0);
  std::vector<std::uint64_t> numbers;
  for (const auto& ended : told(jobs).ended) numbers.push_back(ended.id.n);
  EXPECT_EQ(numbers, (std::vector<std::uint64_t>{7, 6, 5, 4, 3}));
}

}  // namespace
}  // namespace sluice::pipeline
