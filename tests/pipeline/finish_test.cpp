#include "pipeline/finish.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "fake_clock.hpp"
#include "memory_file.hpp"
#include "memory_ledger.hpp"
#include "memory_spool.hpp"
#include "samples.hpp"

namespace sluice::pipeline {
namespace {

using ports::OutputKind;
using records::Outcome;

const std::string kFile =
    "uid,douyinId,source,endMonthTime,isRenew\n"
    "1001,abc,CUCC,2031-12,false\n"
    "1002,abc,CUCC,2031-12,false\n"
    "1003,abc,CUCC,2031-12,false\n";

class FinishTest : public testing::Test {
 protected:
  FinishTest() { take(kFile, 3); }

  void take(const std::string& bytes, std::uint64_t rows) {
    auto claimed = std::make_unique<MemoryFile>(bytes);
    job.header.id = kJob;
    job.header.name = "orders.csv";
    job.header.rows = rows;
    job.header.service = orders::ServiceId::create;
    job.header.ascii = true;
    job.header.file = claimed->as_it_is();
    job.format = records::sniff(bytes, true, text::Encoding::utf8, orders::wrappers()).value();
    file = claimed.get();
    job.file = std::move(claimed);
  }
  void settle(const std::vector<Outcome>& outcomes) {
    for (std::size_t i = 0; i < outcomes.size(); ++i) ledger.settle(i + 1, outcomes[i]);
    job.header.counts = ledger.header.counts;
  }
  Result<void> stage() { return clock.run(pipeline::stage(job, spool, ledger, clock)); }
  Result<void> publish() { return clock.run(pipeline::publish(job, spool)); }
  std::string bytes(OutputKind kind) {
    const auto at = spool.temporaries.find(kind);
    return at == spool.temporaries.end() ? "none" : at->second.bytes;
  }
  static auto lines(const std::string& text) { return std::ranges::count(text, '\n'); }

  Job job;
  MemoryFile* file = nullptr;
  MemoryLedger ledger;
  MemorySpool spool;
  FakeClock clock;
};

TEST_F(FinishTest, EveryRowIsInTheResultsAndOnlyThoseThatBelongThereInTheOthers) {
  settle({Outcome::accepted, Outcome::refused, Outcome::in_doubt});
  ASSERT_TRUE(stage());
  EXPECT_EQ(lines(bytes(OutputKind::results)), 4);
  EXPECT_EQ(lines(bytes(OutputKind::failures)), 2);
  EXPECT_NE(bytes(OutputKind::failures).find("1002,abc,CUCC,2031-12,false,refused"), std::string::npos);
  EXPECT_EQ(lines(bytes(OutputKind::in_doubt)), 2);
  EXPECT_NE(bytes(OutputKind::in_doubt).find("1003,abc,CUCC,2031-12,false,in_doubt"), std::string::npos);
  for (const auto& [kind, temporary] : spool.temporaries) EXPECT_TRUE(temporary.durable);
  EXPECT_EQ(bytes(OutputKind::summary), summary(job.header));
}

TEST_F(FinishTest, AnOutputWithoutRowsDoesNotExist) {
  settle({Outcome::accepted, Outcome::accepted, Outcome::accepted_earlier});
  ASSERT_TRUE(stage());
  EXPECT_EQ(spool.temporaries.size(), 2);
  EXPECT_FALSE(spool.temporaries.contains(OutputKind::failures));
}

TEST_F(FinishTest, TheResultsAreAFunctionOfTheFileAndTheLedger) {
  settle({Outcome::accepted, Outcome::failed, Outcome::in_doubt});
  ASSERT_TRUE(stage());
  const auto once = spool.temporaries;
  clock.pass(std::chrono::hours(5));
  ASSERT_TRUE(stage());
  ASSERT_EQ(once.size(), spool.temporaries.size());
  for (const auto& [kind, temporary] : once) EXPECT_EQ(bytes(kind), temporary.bytes);
}

TEST_F(FinishTest, WhatAnEarlierTryLeftIsThrownAway) {
  spool.temporaries[OutputKind::failures].bytes = "half a row";
  settle({Outcome::accepted, Outcome::accepted, Outcome::accepted});
  ASSERT_TRUE(stage());
  EXPECT_EQ(bytes(OutputKind::failures), "none");
}

TEST_F(FinishTest, MoreRowsThanAPageOfTheLedgerAndAChunkOfTheFileComeOutInOrder) {
  constexpr std::uint64_t kRows = 12'345;
  std::string text = "uid,douyinId,source,endMonthTime,isRenew\n";
  for (std::uint64_t row = 1; row <= kRows; ++row) text += fmt::format("{},abc,CUCC,2031-12,false\n", 100'000 + row);
  take(text, kRows);
  settle(std::vector<Outcome>(kRows, Outcome::accepted));
  ASSERT_TRUE(stage());
  const auto results = bytes(OutputKind::results);
  EXPECT_EQ(lines(results), kRows + 1);
  std::size_t at = 0;
  for (std::uint64_t row = 1; row <= kRows; ++row) {
    at = results.find(fmt::format("\n{},abc,CUCC,2031-12,false,accepted,", 100'000 + row), at);
    ASSERT_NE(at, std::string::npos) << row;
  }
}

TEST_F(FinishTest, CountsThatDoNotAddUpStopIt) {
  settle({Outcome::accepted, Outcome::accepted});
  const auto done = stage();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, ErrorKind::changed);
  EXPECT_TRUE(spool.temporaries.empty());
}

TEST_F(FinishTest, ARowThatTheLedgerLacksStopsItByName) {
  settle({Outcome::accepted, Outcome::accepted, Outcome::accepted});
  ledger.settled.erase(2);
  const auto done = stage();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, ErrorKind::changed);
  EXPECT_NE(done.error().words.find("row 2"), std::string::npos);
}

TEST_F(FinishTest, AFileThatChangedSinceItsSurveyStopsIt) {
  settle({Outcome::accepted, Outcome::accepted, Outcome::accepted});
  file->change(kFile);
  EXPECT_EQ(stage().error().kind, ErrorKind::changed);
  job.header.file = file->as_it_is();
  file->change_at(0);
  EXPECT_EQ(stage().error().kind, ErrorKind::changed) << "while it was read";
  EXPECT_FALSE(spool.temporaries.contains(OutputKind::summary));
}

TEST_F(FinishTest, TheSummaryIsPublishedLastAndTheOriginalArchivedAfterIt) {
  settle({Outcome::accepted, Outcome::refused, Outcome::in_doubt});
  ASSERT_TRUE(stage());
  ASSERT_TRUE(publish());
  EXPECT_EQ(spool.deeds,
            (std::vector<std::string>{"publish orders.20240115-3.results.csv", "publish orders.20240115-3.failures.csv",
                                      "publish orders.20240115-3.in-doubt.csv",
                                      "publish orders.20240115-3.summary.json", "archive orders.20240115-3.csv"}));
}

TEST_F(FinishTest, ANameThatIsTakenStopsPublishingBeforeTheSummaryAndItCanBeRepeated) {
  settle({Outcome::accepted, Outcome::refused, Outcome::in_doubt});
  ASSERT_TRUE(stage());
  spool.taken = "orders.20240115-3.failures.csv";
  EXPECT_EQ(publish().error().kind, ErrorKind::exists);
  EXPECT_EQ(spool.deeds.size(), 1);
  spool.taken.clear();
  ASSERT_TRUE(publish());
  EXPECT_EQ(spool.deeds.size(), 5);
}

}  // namespace
}  // namespace sluice::pipeline
