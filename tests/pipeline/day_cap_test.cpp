#include "day_cap.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "fake_clock.hpp"

namespace sluice::pipeline {
namespace {

class DayCapTest : public testing::Test {
 protected:
  DayCapTest() { settings.guard.max_orders_per_day = 10; }
  config::Settings settings;
  DayCap cap{settings};
};

TEST_F(DayCapTest, WhatIsOnItsWayCounts) {
  const auto room = cap.take(4, kNoon);
  EXPECT_EQ(cap.left(kNoon), 6);
}

TEST_F(DayCapTest, WhatWasAnnouncedStaysCountedAndTheRestIsFreeAgain) {
  {
    auto room = cap.take(7, kNoon);
    room.announced(5, cap.day(kNoon));
    EXPECT_EQ(cap.left(kNoon), 5);
    const auto moved = std::move(room);
    EXPECT_EQ(cap.left(kNoon), 5);
  }
  EXPECT_EQ(cap.left(kNoon), 5);
}

TEST_F(DayCapTest, WhatWasWithdrawnIsFreeAgain) {
  auto room = cap.take(7, kNoon);
  room.announced(7, cap.day(kNoon));
  room.withdrawn();
  EXPECT_EQ(cap.left(kNoon), 10);
}

TEST_F(DayCapTest, WhatOthersHaveCountedComesOnTopOfWhatIsOnItsWay) {
  auto announced = cap.take(2, kNoon);
  announced.announced(2, cap.day(kNoon));
  const auto on_its_way = cap.take(3, kNoon);
  cap.begin(cap.day(kNoon), 4);
  EXPECT_EQ(cap.left(kNoon), 3) << "two of ours and two of another host, three on their way";
}

TEST_F(DayCapTest, WhatIsAnnouncedAfterMidnightCountsThen) {
  const auto tomorrow = kNoon + std::chrono::hours(12);
  auto room = cap.take(4, kNoon);
  room.announced(4, cap.day(tomorrow));
  EXPECT_EQ(cap.left(tomorrow), 6);
}

TEST_F(DayCapTest, ARoomOfNothingGivesBackNothing) {
  cap.begin(day_number(api_day(kNoon)), 9);
  {
    const DayCap::Room resend;
  }
  EXPECT_EQ(cap.left(kNoon), 1);
}

TEST_F(DayCapTest, GoesOnFromWhatTheLedgerHas) {
  cap.begin(day_number(api_day(kNoon)), 9);
  EXPECT_EQ(cap.left(kNoon), 1);
}

TEST_F(DayCapTest, BeginsAgainAtMidnightWhateverIsStillOnItsWay) {
  const auto tomorrow = kNoon + std::chrono::hours(12);
  auto late = cap.take(10, kNoon);
  EXPECT_EQ(cap.left(tomorrow - Millis(1)), 0);
  EXPECT_EQ(cap.left(tomorrow), 10);
  const auto room = cap.take(6, tomorrow);
  late = {};
  EXPECT_EQ(cap.left(tomorrow), 4) << "yesterday's room is not today's";
}

TEST_F(DayCapTest, WithoutACapEverythingMayGo) {
  settings.guard.max_orders_per_day = 0;
  const auto room = cap.take(1'000'000, kNoon);
  EXPECT_EQ(cap.left(kNoon), UINT64_MAX);
}

}  // namespace
}  // namespace sluice::pipeline
