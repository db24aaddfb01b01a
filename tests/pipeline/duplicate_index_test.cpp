#include "pipeline/duplicate_index.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace sluice::pipeline {
namespace {

TEST(DuplicateIndex, RemembersWhereEachRowLies) {
  DuplicateIndex index;
  const records::RowRef far{.row = 2, .offset = (1ULL << 40) + 5, .length = 1 << 20};
  index.pass({.row = 1, .offset = 40, .length = 0}, 2);
  index.pass(far, 3);
  EXPECT_EQ(index.ref(1), (records::RowRef{.row = 1, .offset = 40, .length = 0}));
  EXPECT_EQ(index.ref(2), far);
}

TEST(DuplicateIndex, KnowsTheLineOfEachRowPastBlankLinesAndLineBreaksInQuotes) {
  DuplicateIndex index;
  const std::vector<std::uint64_t> lines = {2, 3, 7, 8, 9, 20};
  for (std::uint64_t row = 1; row <= lines.size(); ++row)
    index.pass({.row = row, .offset = row * 10, .length = 1}, lines[row - 1]);
  for (std::uint64_t row = 1; row <= lines.size(); ++row) EXPECT_EQ(index.line(row), lines[row - 1]) << row;
}

TEST(DuplicateIndex, OfWhatIsToBeSentItSaysWhichRowItIs) {
  DuplicateIndex index;
  EXPECT_EQ(index.to_be_sent(7), std::nullopt);
  index.remember(7, 1);
  index.remember(8, 2);
  index.leave_out(2);
  index.remember(9, 3);
  EXPECT_EQ(index.to_be_sent(7), 1);
  EXPECT_EQ(index.to_be_sent(8), std::nullopt) << "it is left out";
  EXPECT_EQ(index.to_be_sent(9), 3);
  EXPECT_EQ(index.to_be_sent(7 + (1ULL << 40)), std::nullopt);
}

TEST(DuplicateIndexDeathTest, RowsPassInOrder) {
  DuplicateIndex index;
  index.pass({.row = 1, .offset = 0, .length = 1}, 2);
  EXPECT_DEATH(index.pass({.row = 3, .offset = 9, .length = 1}, 4), "rows pass in order");
}

}  // namespace
}  // namespace sluice::pipeline
