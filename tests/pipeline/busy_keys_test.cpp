#include "pipeline/busy_keys.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace sluice::pipeline
