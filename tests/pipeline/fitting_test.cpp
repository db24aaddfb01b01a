#include "fitting.hpp"

#include <gtest/gtest.h>

#include "samples.hpp"

namespace sluice::pipeline {
namespace {

/// A batch of these rows that was answered *internal error* and waits for its next try.
ports::Batch put_off(const std::vector<std::uint64_t>& rows) {
  ports::Batch batch{.id = BatchId{7}, .job = kJob, .state = ports::BatchState::waiting, .not_before = WallTime{}};
  batch.past.sends = batch.past.internal_errors = 1;
  for (const auto row : rows) {
    batch.rows.push_back({.row = row, .offset = row * 100, .length = 50});
    batch.keys.push_back(1000 + row);
  }
  return batch;
}

TEST(Fitting, ASplitBatchKeepsEachRowOnceUnderNewNumbers) {
  auto batch = put_off({1, 2, 3, 4, 5});
  batch.body_hash = 4711;
  std::uint64_t last = 100;
  const auto [first, rest] = split(batch, 2, [&last] { return BatchId{++last}; });
  EXPECT_EQ(rows_of(first), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_EQ(rows_of(rest), (std::vector<std::uint64_t>{3, 4, 5}));
  EXPECT_EQ(rest.keys, (std::vector<std::uint64_t>{1003, 1004, 1005}));
  EXPECT_EQ(first.id, BatchId{101});
  EXPECT_EQ(rest.id, BatchId{102});
  EXPECT_EQ(first.body_hash, 0) << "a part has another body than the whole had";
  EXPECT_EQ(rest.past, batch.past);
}

TEST(Fitting, GatheredRowsStandInTheOrderOfTheFile) {
  const auto one = put_off({2, 9});
  const auto other = put_off({1, 5});
  const auto all = gathered(BatchId{8}, {&one, &other});
  EXPECT_EQ(rows_of(all), (std::vector<std::uint64_t>{1, 2, 5, 9}));
  EXPECT_EQ(all.keys, (std::vector<std::uint64_t>{1001, 1002, 1005, 1009}));
  EXPECT_EQ(all.id, BatchId{8});
}

TEST(Fitting, OnlyRowsOfOnePastGoTogether) {
  const auto one = put_off({1});
  EXPECT_TRUE(go_together(one, put_off({2})));
  auto other = put_off({2});
  other.past.sends = 2;
  EXPECT_FALSE(go_together(one, other)) << "one of another number of sends";
  other = put_off({2});
  other.past.internal_errors = 2;
  EXPECT_FALSE(go_together(one, other));
  other = put_off({2});
  other.past.maybe_applied = true;
  EXPECT_FALSE(go_together(one, other));
  other = put_off({2});
  other.body_hash = 1;
  EXPECT_FALSE(go_together(one, other)) << "a resend goes as it was";
  other = put_off({2});
  other.not_before.reset();
  EXPECT_FALSE(go_together(one, other)) << "a half stays apart";
}

}  // namespace
}  // namespace sluice::pipeline
