#include "pipeline/planner.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "samples.hpp"

namespace sluice::pipeline {
namespace {

class PlannerTest : public testing::Test {
 protected:
  using Plan = std::vector<std::vector<std::uint64_t>>;

  /// Plans rows with these keys, numbered from 1.
  Plan plan(const std::vector<std::uint64_t>& keys, Planner::Size size) {
    std::vector<orders::Order> orders;
    for (const auto key : keys) orders.push_back(order_of(key));
    return plan_orders(orders, size);
  }
  Plan plan_orders(const std::vector<orders::Order>& orders, Planner::Size size) {
    Planner planner(kJob, size, [this] { return BatchId{++last_}; });
    for (std::size_t i = 0; i < orders.size(); ++i) {
      planner.add({.row = i + 1, .offset = i, .length = 1}, orders[i], {.element = 0, .key = orders[i].key_hash()});
      for (auto& batch : planner.take()) batches.push_back(std::move(batch));
    }
    planner.finish();
    for (auto& batch : planner.take()) batches.push_back(std::move(batch));
    Plan plan;
    for (const auto& batch : batches) plan.push_back(rows_of(batch));
    return plan;
  }

  std::vector<ports::Batch> batches;
  std::uint64_t last_ = 0;
};

constexpr std::uint64_t kAnyBytes = 1 << 20;

TEST_F(PlannerTest, FillsBatchesInTheFilesOrder) {
  EXPECT_EQ(plan({11, 12, 13, 14, 15}, {.orders = 2, .bytes = kAnyBytes}), (Plan{{1, 2}, {3, 4}, {5}}));
}

TEST_F(PlannerTest, NothingPlannedIsNoBatch) {
  EXPECT_EQ(plan({}, {.orders = 2, .bytes = kAnyBytes}), Plan{});
}

TEST_F(PlannerTest, BatchesAreFreshAndNumberedUpwards) {
  plan({11, 12, 13}, {.orders = 2, .bytes = kAnyBytes});
  ASSERT_EQ(batches.size(), 2);
  for (const auto& batch : batches) {
    EXPECT_EQ(batch.job, kJob);
    EXPECT_EQ(batch.state, ports::BatchState::planned);
    EXPECT_FALSE(batch.past.maybe_applied);
  }
  EXPECT_EQ(batches[0].id, BatchId{1});
  EXPECT_EQ(batches[1].id, BatchId{2});
}

TEST_F(PlannerTest, ABodyIsKeptBelowTheBytesAsked) {
  const auto one = orders::body(std::vector{order_of(11)}).size();
  EXPECT_EQ(plan({11, 12, 13, 14, 15}, {.orders = 50, .bytes = 2 * one}), (Plan{{1, 2}, {3, 4}, {5}}));
}

TEST_F(PlannerTest, AnOrderLargerThanTheBytesAskedGoesAlone) {
  EXPECT_EQ(plan({11, 12}, {.orders = 50, .bytes = 10}), (Plan{{1}, {2}}));
}

TEST_F(PlannerTest, PairsOfOneKeyStillFillBatches) {
  EXPECT_EQ(plan({11, 11, 12, 12, 13, 13, 14, 14}, {.orders = 4, .bytes = kAnyBytes}),
            (Plan{{1, 3, 5, 7}, {2, 4, 6, 8}}));
}

TEST_F(PlannerTest, AKeyThatRepeatsThroughoutTakesABatchEach) {
  EXPECT_EQ(plan({11, 11, 11}, {.orders = 50, .bytes = kAnyBytes}), (Plan{{1}, {2}, {3}}));
}

TEST_F(PlannerTest, ARowIsMeasuredAgainstWhatRefillsTheBatchItClosed) {
  const auto wide = [](std::uint64_t key) { return with(order_of(key), "nickname", std::string(1200, 'n')); };
  const auto most = orders::body(std::vector{order_of(11), order_of(12), wide(13)}).size();
  // 3 waits for 1, and refills the batch that 4 closes: 4 has no room beside it.
  const auto plan = plan_orders({order_of(11), order_of(12), wide(11), wide(13)}, {.orders = 50, .bytes = most - 1});
  EXPECT_EQ(plan, (Plan{{1, 2}, {3}, {4}}));
}

TEST_F(PlannerTest, ASmallRowDoesNotOvertakeALargeOneOfItsKeyThatFoundNoRoom) {
  const auto wide = [](std::uint64_t key) { return with(order_of(key), "nickname", std::string(1200, 'n')); };
  const auto bytes = orders::body(std::vector{wide(11)}).size() + orders::body(std::vector{order_of(12)}).size();
  // 3 and 4 wait for 1 and 2. When 5 closes that batch only 3 is taken, so 4 waits on, and 6 has to.
  const std::vector orders{order_of(11), order_of(12), wide(11), wide(12), order_of(13), order_of(12)};
  EXPECT_EQ(plan_orders(orders, {.orders = 3, .bytes = bytes}), (Plan{{1, 2, 5}, {3}, {4}, {6}}));
}

TEST_F(PlannerTest, NorOneThatWaitedBehindIt) {
  const auto wide = [](std::uint64_t key) { return with(order_of(key), "nickname", std::string(1200, 'n')); };
  const auto bytes = orders::body(std::vector{wide(11)}).size() + orders::body(std::vector{order_of(12)}).size();
  // 3, 4 and 5 wait; of these only 3 finds room with 5, which may not go before 4.
  const std::vector orders{order_of(11), order_of(12), wide(11), wide(12), order_of(12), order_of(13)};
  EXPECT_EQ(plan_orders(orders, {.orders = 3, .bytes = bytes}), (Plan{{1, 2, 6}, {3}, {4}, {5}}));
}

TEST_F(PlannerTest, RowsOfUnlikeSizeKeepToTheBytesAndNoKeyOvertakesItself) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 300; ++round) {
    batches.clear();
    std::vector<orders::Order> orders(1 + random() % 200);
    for (auto& order : orders) order = with(order_of(random() % 40), "nickname", std::string(random() % 800, 'n'));
    const Planner::Size size{.orders = static_cast<std::uint32_t>(1 + random() % 20), .bytes = 300 + random() % 3000};
    std::map<std::uint64_t, std::uint64_t> last_row_of_key;
    for (const auto& batch : plan_orders(orders, size)) {
      std::vector<orders::Order> together;
      for (const auto row : batch) {
        together.push_back(orders[row - 1]);
        EXPECT_GT(row, std::exchange(last_row_of_key[together.back().key_hash()], row));
      }
      EXPECT_TRUE(batch.size() == 1 || orders::body(together).size() <= size.bytes);
    }
    if (HasFailure()) FAIL() << "round " << round;
  }
}

TEST_F(PlannerTest, ARowKeepsItsMarkWhereverItIsPacked) {
  Planner planner(kJob, {.orders = 3, .bytes = kAnyBytes}, [this] { return BatchId{++last_}; });
  const std::vector<std::uint64_t> keys{11, 11, 12, 12, 11, 13};
  for (std::size_t i = 0; i < keys.size(); ++i)
    planner.add({.row = i + 1, .offset = i, .length = 1}, order_of(keys[i]), {.element = 100 + i, .key = keys[i]});
  planner.finish();
  std::size_t rows = 0;
  for (const auto& batch : planner.take()) {
    ASSERT_EQ(batch.marks.size(), batch.rows.size());
    for (std::size_t i = 0; i < batch.rows.size(); ++i, ++rows) EXPECT_EQ(batch.marks[i], 99 + batch.rows[i].row);
  }
  EXPECT_EQ(rows, keys.size());
}

TEST_F(PlannerTest, ABatchIsClosedEarlyRatherThanHoldingBackThousands) {
  const std::vector<std::uint64_t> same(1200, 11);
  Planner planner(kJob, {.orders = 50, .bytes = kAnyBytes}, [this] { return BatchId{++last_}; });
  for (std::uint64_t row = 1; row <= same.size(); ++row)
    planner.add({.row = row, .offset = row, .length = 1}, order_of(11), {.element = 0, .key = 11});
  EXPECT_GT(planner.take().size(), 100);
}

TEST_F(PlannerTest, EveryRowOnceEveryKeyOnceABatchAndNoKeyOvertakesItself) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 200; ++round) {
    batches.clear();
    std::vector<std::uint64_t> keys(1 + random() % 300);
    for (auto& key : keys) key = random() % (1 + random() % 60);
    const auto size = static_cast<std::uint32_t>(1 + random() % 20);
    const auto plan = this->plan(keys, {.orders = size, .bytes = 200 + random() % 2000});
    std::set<std::uint64_t> rows;
    std::map<std::uint64_t, std::uint64_t> last_row_of_key;
    for (const auto& batch : plan) {
      EXPECT_LE(batch.size(), size);
      EXPECT_TRUE(std::ranges::is_sorted(batch));
      std::set<std::uint64_t> in_batch;
      for (const auto row : batch) {
        EXPECT_TRUE(rows.insert(row).second);
        EXPECT_TRUE(in_batch.insert(keys[row - 1]).second);
        EXPECT_GT(row, last_row_of_key[keys[row - 1]]);
        last_row_of_key[keys[row - 1]] = row;
      }
    }
    EXPECT_EQ(rows.size(), keys.size());
    if (HasFailure()) FAIL() << "round " << round;
  }
}

}  // namespace
}  // namespace sluice::pipeline
