#include "sluice/pipeline/fault_tally.hpp"

#include <gtest/gtest.h>

namespace sluice::pipeline {
namespace {

using records::Outcome;

records::RowResult result(std::uint64_t row, Outcome outcome, std::string message) {
  records::RowResult made;
  made.row = row;
  made.outcome = outcome;
  made.message = std::move(message);
  return made;
}

TEST(FaultTally, CountsByOutcomeAndMessageTheMostFrequentFirst) {
  FaultTally faults;
  faults.add(result(1, Outcome::refused, "no such user"), 2);
  faults.add(result(2, Outcome::accepted, "created"), 3);
  faults.add(result(3, Outcome::invalid, "uid is empty"), 4);
  faults.add(result(4, Outcome::invalid, "uid is empty"), 0);
  const auto most = faults.most();
  ASSERT_EQ(most.size(), 2);
  EXPECT_EQ(most[0].message, "uid is empty");
  EXPECT_EQ(most[0].count, 2);
  EXPECT_EQ(most[0].rows, (std::vector<std::uint64_t>{3, 4}));
  EXPECT_EQ(most[0].lines, (std::vector<std::uint64_t>{4}));
  EXPECT_EQ(most[1].outcome, Outcome::refused);
}

TEST(FaultTally, IsBoundedWhateverAFileHolds) {
  FaultTally faults;
  for (std::uint64_t row = 1; row <= 1000; ++row) {
    faults.add(result(row, Outcome::invalid, "message " + std::to_string(row)), row);
    faults.add(result(row, Outcome::invalid, "message 1"), row);
  }
  EXPECT_EQ(faults.most().size(), FaultTally::kMost);
  EXPECT_EQ(faults.unlisted_rows(), 1000 - FaultTally::kMost);
  EXPECT_EQ(faults.most().front().rows.size(), FaultTally::kShownRows);
  EXPECT_EQ(faults.most().front().count, 1001);
}

}  // namespace
}  // namespace sluice::pipeline
