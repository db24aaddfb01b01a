#include "pipeline/rows_by_hash.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace sluice::pipeline {
namespace {

TEST(RowsByHash, OfAHashNotAddedThereIsNoRow) {
  RowsByHash rows;
  EXPECT_TRUE(rows.find(0).empty());
  EXPECT_TRUE(rows.find(~0ULL).empty());
  rows.foresee(~0ULL);
  rows.add(0x1111'2222'3333'4444, 1);
  EXPECT_TRUE(rows.find(0x5555'2222'3333'4444).empty());
  EXPECT_TRUE(rows.find(~0ULL).empty());
}

TEST(RowsByHash, TheGreatestHashIsOneAsAnyOther) {
  RowsByHash rows;
  rows.add(~0ULL, 1);
  rows.add(~0ULL, 2);
  EXPECT_EQ(rows.find(~0ULL), (std::vector<std::uint64_t>{1, 2}));
}

TEST(RowsByHash, RowsThatShareAHashAreAllFound) {
  RowsByHash rows;
  rows.add(0xffff'ffff'0000'0001, 3);
  rows.add(0xffff'ffff'0000'0001, 9);
  EXPECT_EQ(rows.find(0xffff'ffff'0000'0001), (std::vector<std::uint64_t>{3, 9}));
}

TEST(RowsByHash, RowsThatShareHalfAHashAreNotFound) {
  RowsByHash rows;
  for (std::uint64_t row = 1; row <= 4000; ++row) rows.add(0xabcd'ef01'0000'0000 | row, row);
  EXPECT_TRUE(rows.find(0xabcd'ef01'0000'0000).empty());
  EXPECT_EQ(rows.find(0xabcd'ef01'0000'0007), (std::vector<std::uint64_t>{7}));
}

TEST(RowsByHash, ForgetsNothingAsItGrows) {
  RowsByHash rows;
  std::mt19937_64 random(1);
  std::vector<std::uint64_t> hashes;
  for (std::uint64_t row = 1; row <= 50'000; ++row) {
    // A tenth of them crowd the last places, so that runs go beyond the last home.
    hashes.push_back(row % 10 == 0 ? 0xffff'f000'0000'0000 | random() : random());
    ASSERT_TRUE(rows.find(hashes.back()).empty()) << row;
    rows.add(hashes.back(), row);
  }
  for (std::uint64_t row = 1; row <= hashes.size(); ++row)
    ASSERT_EQ(rows.find(hashes[row - 1]), std::vector{row}) << row;
}

}  // namespace
}  // namespace sluice::pipeline
