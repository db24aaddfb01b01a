#include "app/used_numbers.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace sluice::app {
namespace {

namespace fs = std::filesystem;

class UsedNumbers : public testing::Test {
 protected:
  UsedNumbers() {
    std::string pattern = (fs::temp_directory_path() / "sluice-XXXXXX").string();
    spool_ = ::mkdtemp(pattern.data());
  }
  ~UsedNumbers() override { fs::remove_all(spool_); }

  std::uint64_t with(const std::string& folder, const std::string& name) {
    fs::create_directory(spool_ / folder);
    std::ofstream(spool_ / folder / name) << "";
    return used_job_numbers(spool_.string());
  }

  fs::path spool_;
};

TEST_F(UsedNumbers, OfAnEmptySpoolOrNoneIsZero) {
  EXPECT_EQ(used_job_numbers("/nonexistent/spool"), 0);
  EXPECT_EQ(with("outbox", "notes.txt"), 0);
}

TEST_F(UsedNumbers, IsTheHighestInAnyFolderPeopleKeep) {
  EXPECT_EQ(with("outbox", "orders.20240115-7.results.csv"), 7);
  EXPECT_EQ(with("archive", "orders.20240116-12.csv"), 12);
  EXPECT_EQ(with("rejected", "orders.20240116-9.reason.txt"), 12);
  EXPECT_EQ(with("rejected", "orders.20240117-40.csv"), 40);
}

TEST_F(UsedNumbers, AnEarlierDayCanHaveTheHigherNumber) {
  with("archive", "a.20250101-3.csv");
  EXPECT_EQ(with("archive", "a.20240101-30.csv"), 30);
}

TEST_F(UsedNumbers, AnArchivedFileDroppedInAgainBearsTwoNumbersSideBySide) {
  EXPECT_EQ(with("archive", "orders.20240115-7.20240116-8.csv"), 8);
}

TEST_F(UsedNumbers, AFileWithoutAnExtensionEndsInItsNumber) {
  EXPECT_EQ(with("archive", "orders.20240115-7"), 7);
}

TEST_F(UsedNumbers, ANameThatBearsAnOlderJobCountsBoth) {
  EXPECT_EQ(with("outbox", "orders.20240115-7.failures.20240116-8.results.csv"), 8);
  EXPECT_EQ(with("outbox", "orders.20240115-70.failures.20240116-9.results.csv"), 70);
}

TEST_F(UsedNumbers, NumbersThatAreNoJobsDoNotCount) {
  EXPECT_EQ(with("archive", "orders-20240115-99.csv"), 0);
  EXPECT_EQ(with("archive", "orders.2024-01-15.csv"), 0);
  EXPECT_EQ(with("archive", "orders.20240115-18446744073709551615.csv"), 0) << "no number would follow it";
  EXPECT_EQ(with("inbox", "orders.20240115-50.csv"), 0) << "anybody may drop any name";
}

TEST_F(UsedNumbers, PlantedNamesCountOnlyWhereNothingBetterIsKnown) {
  EXPECT_EQ(with("outbox", "planted.20240115-900.csv"), 900);
  EXPECT_EQ(with("state", "20240115-8.claimed"), 900);
  EXPECT_EQ(with("", ".last-job"), 900) << "it says nothing";
  std::ofstream(spool_ / ".last-job") << "7\n";
  EXPECT_EQ(used_job_numbers(spool_.string()), 8);
}

TEST_F(UsedNumbers, ASpoolHasHadJobsWhateverWasEmptied) {
  EXPECT_FALSE(has_had_jobs(spool_.string()));
  std::ofstream(spool_ / ".last-job") << "";
  EXPECT_TRUE(has_had_jobs(spool_.string()));
}

}  // namespace
}  // namespace sluice::app
