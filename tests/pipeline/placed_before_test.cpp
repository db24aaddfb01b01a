#include "sluice/pipeline/placed_before.hpp"

#include <gtest/gtest.h>

#include "fake_clock.hpp"
#include "memory_ledger.hpp"

namespace sluice::pipeline {
namespace {

JobId id(std::uint64_t n) {
  return {.day = 20240115, .n = n};
}
WallTime at(std::int64_t ms) {
  return WallTime(Millis(ms));
}

class PlacedBeforeTest : public testing::Test {
 protected:
  PlacedBeforeTest() {
    for (const std::uint64_t n : {1, 2}) {
      ports::JobHeader job;
      job.id = id(n);
      job.name = n == 1 ? "monday.csv" : "tuesday.csv";
      ledger.store.apply({ports::PutJob{job}});
    }
    ledger.store.apply({placed(1, 10, {7, 8}), placed(2, 20, {8, 9})});
  }
  static ports::Remember placed(std::uint64_t job, std::int64_t ms, const std::vector<std::uint64_t>& marks) {
    ports::Remember orders{.job = id(job), .at = at(ms), .rows = {}, .orders = {}};
    for (const auto mark : marks) orders.orders.push_back({.mark = mark, .ids = {}});
    return orders;
  }
  PlacedBefore look(std::vector<std::uint64_t> marks, std::int64_t since = 0, std::optional<JobId> own = {}) {
    return clock.run(placed_before(ledger, std::move(marks), at(since), own)).value();
  }

  FakeClock clock;
  MemoryLedger ledger;
};

TEST_F(PlacedBeforeTest, CountsEachOrderOnceAndNamesTheLastJobThatHadIt) {
  EXPECT_EQ(look({6, 7, 8}), (PlacedBefore{.orders = 2, .last = id(2), .last_name = "tuesday.csv"}));
  EXPECT_EQ(look({7}), (PlacedBefore{.orders = 1, .last = id(1), .last_name = "monday.csv"}));
}

TEST_F(PlacedBeforeTest, WhatIsOlderOrOfItsOwnJobIsNoReason) {
  EXPECT_EQ(look({7, 8}, 11), (PlacedBefore{.orders = 1, .last = id(2), .last_name = "tuesday.csv"}));
  EXPECT_EQ(look({7, 8}, 0, id(2)), (PlacedBefore{.orders = 2, .last = id(1), .last_name = "monday.csv"}));
}

TEST_F(PlacedBeforeTest, OrdersThatNeverCameAreNone) {
  EXPECT_EQ(look({1, 2, 3}), PlacedBefore{});
  EXPECT_EQ(look({}), PlacedBefore{});
}

TEST_F(PlacedBeforeTest, MarksAreThoseOfTheSecret) {
  const std::string one(32, 'a');
  const std::string other(32, 'b');
  EXPECT_EQ(marks_of(one, {"x", "y"}).size(), 2);
  EXPECT_EQ(marks_of(one, {"x"}), marks_of(one, {"x"}));
  EXPECT_NE(marks_of(one, {"x"}), marks_of(other, {"x"}));
}

}  // namespace
}  // namespace sluice::pipeline
