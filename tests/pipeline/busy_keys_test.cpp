#include "pipeline/busy_keys.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <utility>

namespace sluice::pipeline {
namespace {

TEST(BusyKeys, AKeyIsBusyWhileItsHoldLives) {
  BusyKeys busy;
  {
    const auto hold = busy.hold({1, 2});
    EXPECT_TRUE(busy.any_of({2, 3}));
    EXPECT_FALSE(busy.any_of({3}));
  }
  EXPECT_FALSE(busy.any_of({1, 2}));
}

TEST(BusyKeys, AHoldThatWasMovedIsReleasedOnce) {
  BusyKeys busy;
  const auto other = busy.hold({1});
  {
    auto first = busy.hold({1});
    KeyHold second(std::move(first));
    first = std::move(second);
    EXPECT_TRUE(first);
  }
  EXPECT_TRUE(busy.any_of({1})) << "the other hold lives";
}

TEST(BusyKeys, AHoldThatIsReplacedReleasesItsKeysAfterTheNewOnesAreBusy) {
  BusyKeys busy;
  auto hold = busy.hold({1, 2});
  hold = busy.hold({2});
  EXPECT_FALSE(busy.any_of({1}));
  EXPECT_TRUE(busy.any_of({2}));
}

TEST(BusyKeys, PartsOfABatchAreHeldBeforeTheWholeIsReleased) {
  BusyKeys busy;
  auto whole = busy.hold({1, 2, 3});
  const auto part = whole.also({2});
  whole = {};
  EXPECT_TRUE(busy.any_of({2}));
  EXPECT_FALSE(busy.any_of({1, 3}));
  EXPECT_FALSE(KeyHold().also({4}));
  EXPECT_FALSE(busy.any_of({4})) << "what holds nothing has parts that hold nothing";
}

TEST(BusyKeys, JoinedHoldsAreOne) {
  BusyKeys busy;
  KeyHold all;
  all.join(busy.hold({1}));
  all.join(busy.hold({2}));
  all.join(KeyHold{});
  EXPECT_TRUE(busy.any_of({1}) && busy.any_of({2}));
  all = {};
  EXPECT_FALSE(busy.any_of({1, 2}));
}

TEST(BusyKeys, AHoldOfNoKeysIsAHold) {
  BusyKeys busy;
  EXPECT_TRUE(busy.hold({}));
  EXPECT_FALSE(KeyHold{});
}

TEST(BusyKeys, KeysThatCrowdOnePlaceComeAndGoInAnyOrder) {
  BusyKeys busy;
  std::mt19937_64 random(3);
  std::multimap<std::uint64_t, KeyHold> held;
  for (int round = 0; round < 20'000; ++round) {
    // Of few places, at the end of any table and at its begin; 0 and 1 share one slot.
    const auto key = (random() % 4 << 32) + (random() % 9) - 4;
    if (random() % 2 == 0 || held.size() < 100) held.emplace(key, busy.hold({key}));
    if (const auto there = held.find(key); there != held.end() && random() % 2 == 0) held.erase(there);
    const auto asked = (random() % 4 << 32) + (random() % 9) - 4;
    if (asked > 1) ASSERT_EQ(busy.any_of({asked}), held.contains(asked)) << round;
  }
}

}  // namespace
}  // namespace sluice::pipeline
