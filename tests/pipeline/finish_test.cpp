#include "pipeline/finish.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fake_clock.hpp"
#include "memory_ledger.hpp"
#include "samples.hpp"
#include "simulation/sim_spool.hpp"

namespace sluice::pipeline {
namespace {

using ports::OutputKind;
using records::Outcome;
using simulation::Folder;

const std::string kFile =
    "uid,douyinId,source,endMonthTime,isRenew\n"
    "1001,abc,CUCC,2031-12,false\n"
    "1002,abc,CUCC,2031-12,false\n"
    "1003,abc,CUCC,2031-12,false\n";

const std::string kSummary = "orders.20240115-3.summary.json";

class FinishTest : public testing::Test {
 protected:
  FinishTest() {
    take(kFile, 3);
    ledger.store.apply({ports::PutJob{job.header}});
  }

  void take(const std::string& bytes, std::uint64_t rows) {
    if (claimed()) disk.take_away(Folder::state, simulation::claimed_name(kJob));
    disk.put(Folder::state, simulation::claimed_name(kJob), bytes, 0);
    job.file = clock.run(spool.read(kJob)).value();
    job.header.id = kJob;
    job.header.name = "orders.csv";
    job.header.rows = rows;
    job.header.service = orders::ServiceId::create;
    job.header.ascii = true;
    job.header.file = clock.run(job.file->identity()).value();
    job.format = records::sniff(bytes, true, text::Encoding::utf8, {.wrappers = orders::wrappers()}).value();
  }
  void settle(const std::vector<Outcome>& outcomes) {
    for (std::size_t i = 0; i < outcomes.size(); ++i) ledger.settle(kJob, i + 1, outcomes[i]);
    job.header.counts = ledger.header(kJob).counts;
  }
  Result<void> stage() { return clock.run(pipeline::stage(job, spool, ledger, clock)); }
  Result<void> publish() { return clock.run(pipeline::publish(job, spool)); }
  simulation::File claimed() const { return disk.find(Folder::state, simulation::claimed_name(kJob)); }
  simulation::File temporary(OutputKind kind) const {
    return disk.find(Folder::state, simulation::temporary_name(kJob, kind));
  }
  std::string bytes(OutputKind kind) const { return temporary(kind) ? temporary(kind)->data : "none"; }
  /// What stands in state/ beside the claimed file.
  std::size_t temporaries() const { return disk.names(Folder::state).size() - 1; }
  std::vector<std::string> outbox() const {
    std::vector<std::string> names;
    for (const auto& [name, file] : disk.names(Folder::outbox)) names.push_back(name);
    return names;
  }
  /// Asks at every step until it is over.
  Result<void> watched(ports::Task<Result<void>> task, const std::function<void()>& look) {
    std::optional<Result<void>> done;
    clock.bench().start(std::move(task), done);
    for (; !done; clock.pass(std::chrono::microseconds(1))) look();
    return *done;
  }
  static auto lines(const std::string& text) { return std::ranges::count(text, '\n'); }

  MemoryLedger ledger;
  FakeClock clock;
  simulation::Disk disk;
  simulation::SpoolWitness witness;
  simulation::SimSpool spool{clock.bench().life, disk, clock.bench().clocks, clock.bench().weather, witness};
  Job job;
};

TEST_F(FinishTest, EveryRowIsInTheResultsAndOnlyThoseThatBelongThereInTheOthers) {
  settle({Outcome::accepted, Outcome::refused, Outcome::in_doubt});
  ASSERT_TRUE(stage());
  EXPECT_EQ(lines(bytes(OutputKind::results)), 4);
  EXPECT_EQ(lines(bytes(OutputKind::failures)), 2);
  EXPECT_NE(bytes(OutputKind::failures).find("1002,abc,CUCC,2031-12,false,refused"), std::string::npos);
  EXPECT_EQ(lines(bytes(OutputKind::in_doubt)), 2);
  EXPECT_NE(bytes(OutputKind::in_doubt).find("1003,abc,CUCC,2031-12,false,in_doubt"), std::string::npos);
  for (const auto& [name, file] : disk.names(Folder::state)) EXPECT_EQ(file->synced, file->data.size()) << name;
  FaultTally faults;
  for (const auto& row : ledger.store.rows(job.id(), 0, 10)) faults.add(row, row.row + 1);
  EXPECT_EQ(faults.most().size(), 2);
  EXPECT_EQ(bytes(OutputKind::summary), summary(job.header, faults));
}

TEST_F(FinishTest, ARowRefusedForAnOrderThatExistsNamesTheRowOfThisFileThatPlacedIt) {
  take(
      "uid,douyinId,source,endMonthTime,isRenew\n"
      "1001,abc,CUCC,2031-12,false\n"
      "1002,abc,CUCC,2031-12,false\n"
      "\n"
      "1001,abc,CUCC,2032-12,false\n"
      "1002,abc,CUCC,2032-12,false\n"
      "1003,abc,CUCC,2031-12,false\n",
      5);
  job.reading = OrderReading::of(job.format, {}).value();
  settle({Outcome::accepted, Outcome::refused});
  const auto refused = [this](std::uint64_t row, int status) {
    records::RowResult result{.row = row, .outcome = Outcome::refused, .status = status};
    result.message = "by the ledger";
    ledger.store.apply({ports::PutRows{kJob, {result}}, ports::AddCounts{kJob, {}, 0}});
    ++job.header.counts[Outcome::refused];
  };
  refused(3, 6);
  refused(4, 6);
  refused(5, 2);
  ASSERT_TRUE(stage());
  const auto results = bytes(OutputKind::results);
  const auto line_of = [&](std::string_view begin) {
    const auto at = results.find(begin);
    return at == std::string::npos ? "none" : results.substr(at, results.find('\n', at) - at);
  };
  EXPECT_NE(line_of("1001,abc,CUCC,2032").find("that of line 2 of this file"), std::string::npos) << results;
  EXPECT_NE(line_of("1002,abc,CUCC,2032").find(",by the ledger,"), std::string::npos) << "line 3 placed nothing";
  EXPECT_NE(line_of("1003").find(",by the ledger,"), std::string::npos) << "no overlap";
  EXPECT_NE(bytes(OutputKind::failures).find("that of line 2 of this file"), std::string::npos);
}

TEST_F(FinishTest, AnOrderInDoubtThatWentOutMayBeTheOneThatALaterRowMet) {
  for (const std::uint32_t attempts : {0, 2}) {
    take("uid,douyinId,source,endMonthTime,isRenew\n1001,abc,CUCC,2031-12,false\n1001,abc,CUCC,2032-12,false\n", 2);
    job.reading = OrderReading::of(job.format, {}).value();
    ledger.store.apply({ports::ForgetRows{kJob}});
    job.header.counts = {};
    job.header.counts[Outcome::in_doubt] = job.header.counts[Outcome::refused] = 1;
    const records::RowResult doubtful{.row = 1, .outcome = Outcome::in_doubt, .attempts = attempts};
    const records::RowResult refused{.row = 2, .outcome = Outcome::refused, .status = 6};
    ledger.store.apply({ports::PutRows{kJob, {doubtful, refused}}});
    ASSERT_TRUE(stage());
    EXPECT_EQ(bytes(OutputKind::failures).contains("that of line 2 of this file"), attempts > 0);
  }
}

TEST_F(FinishTest, AnOutputWithoutRowsDoesNotExist) {
  settle({Outcome::accepted, Outcome::accepted, Outcome::accepted_earlier});
  ASSERT_TRUE(stage());
  EXPECT_EQ(temporaries(), 2);
  EXPECT_FALSE(temporary(OutputKind::failures));
}

TEST_F(FinishTest, TheResultsAreAFunctionOfTheFileAndTheLedger) {
  settle({Outcome::accepted, Outcome::failed, Outcome::in_doubt});
  ASSERT_TRUE(stage());
  const auto once = disk.names(Folder::state);
  clock.pass(std::chrono::hours(5));
  ASSERT_TRUE(stage());
  ASSERT_EQ(once.size(), disk.names(Folder::state).size());
  for (const auto& [name, file] : once) EXPECT_EQ(disk.find(Folder::state, name)->data, file->data);
}

TEST_F(FinishTest, WhatAnEarlierTryLeftIsThrownAway) {
  disk.put(Folder::state, simulation::temporary_name(kJob, OutputKind::failures), "half a row", 0);
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
  EXPECT_EQ(temporaries(), 0);
}

TEST_F(FinishTest, ARowThatTheLedgerLacksStopsItByName) {
  settle({Outcome::accepted, Outcome::accepted, Outcome::accepted});
  ledger.store.apply({ports::ForgetRows{kJob}});
  for (const std::uint64_t row : {1, 3}) ledger.settle(kJob, row, Outcome::accepted);
  const auto done = stage();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, ErrorKind::changed);
  EXPECT_NE(done.error().words.find("row 2"), std::string::npos);
}

TEST_F(FinishTest, AFileThatChangedSinceItsSurveyStopsIt) {
  settle({Outcome::accepted, Outcome::accepted, Outcome::accepted});
  ++claimed()->mtime_ns;
  EXPECT_EQ(stage().error().kind, ErrorKind::changed);
  job.header.file = clock.run(job.file->identity()).value();
  const auto done = watched(pipeline::stage(job, spool, ledger, clock), [this] {
    if (temporary(OutputKind::results)) ++claimed()->mtime_ns;
  });
  ASSERT_FALSE(done) << "changed while it was read";
  EXPECT_EQ(done.error().kind, ErrorKind::changed);
  EXPECT_FALSE(temporary(OutputKind::summary));
}

TEST_F(FinishTest, OtherBytesUnderTheSameTimesAndSizeStopIt) {
  settle({Outcome::accepted, Outcome::accepted, Outcome::accepted});
  job.header.content_hash = clock.run(job.file->content_hash()).value();
  ASSERT_TRUE(stage());
  claimed()->data.replace(claimed()->data.find("1003,abc"), 8, "1003,abd");
  const auto done = stage();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, ErrorKind::changed);
}

TEST_F(FinishTest, TheSummaryIsPublishedLastAndTheOriginalArchivedAfterIt) {
  settle({Outcome::accepted, Outcome::refused, Outcome::in_doubt});
  ASSERT_TRUE(stage());
  const auto done = watched(pipeline::publish(job, spool), [this] {
    EXPECT_TRUE(disk.names(Folder::archive).empty() || outbox().size() == 4);
    EXPECT_TRUE(outbox().empty() || outbox().back() != kSummary || outbox().size() == 4);
  });
  ASSERT_TRUE(done);
  EXPECT_EQ(outbox(), (std::vector<std::string>{"orders.20240115-3.failures.csv", "orders.20240115-3.in-doubt.csv",
                                                "orders.20240115-3.results.csv", kSummary}));
  EXPECT_TRUE(disk.find(Folder::archive, "orders.20240115-3.csv"));
}

TEST_F(FinishTest, ANameThatIsTakenStopsPublishingBeforeTheSummaryAndItCanBeRepeated) {
  settle({Outcome::accepted, Outcome::refused, Outcome::in_doubt});
  ASSERT_TRUE(stage());
  const std::string taken = "orders.20240115-3.failures.csv";
  disk.put(Folder::outbox, taken, "somebody's", 0);
  EXPECT_EQ(publish().error().kind, ErrorKind::exists);
  EXPECT_EQ(outbox(), (std::vector<std::string>{taken, "orders.20240115-3.results.csv"}));
  disk.take_away(Folder::outbox, taken);
  ASSERT_TRUE(publish());
  EXPECT_EQ(outbox().size(), 4);
  EXPECT_TRUE(disk.find(Folder::archive, "orders.20240115-3.csv"));
}

TEST_F(FinishTest, AFileWithFewerRowsThanWereSurveyedIsNotPublished) {
  job.header.rows = 4;
  settle({Outcome::accepted, Outcome::accepted, Outcome::accepted, Outcome::accepted});
  const auto staged = stage();
  ASSERT_FALSE(staged) << "its last order would have no result";
  EXPECT_EQ(staged.error().kind, ErrorKind::changed);
}

}  // namespace
}  // namespace sluice::pipeline
