#include "pipeline/start_day.hpp"

#include <gtest/gtest.h>

namespace sluice::pipeline {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::year;

/// 2024-01-15, of UTC+8.
WallTime at(std::chrono::minutes of_day) {
  return WallTime(sys_days(year(2024) / 1 / 15)) + of_day - kApiOffset;
}

bool odd(std::string_view start, std::chrono::minutes of_day, orders::ServiceId service = orders::ServiceId::create) {
  return starts_otherwise(service, start, at(of_day), 65s).has_value();
}

TEST(StartDay, OfTheNextDayBeforeFiveAndOfTheOneAfterItLaterIsAsExpected) {
  EXPECT_FALSE(odd("2024-01-16", 16h));
  EXPECT_FALSE(odd("2024-01-16 00:00:00", 16h));
  EXPECT_FALSE(odd("2024-01-17", 18h));
}

TEST(StartDay, OfAnyOtherDayIsTold) {
  EXPECT_TRUE(odd("2024-01-17", 16h));
  EXPECT_TRUE(odd("2024-01-16", 18h));
  EXPECT_TRUE(odd("2024-02-16 08:30:00", 16h));
  const auto told = starts_otherwise(orders::ServiceId::create, "2024-01-18", at(16h), 65s);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->args, (std::vector<std::string>{"2024-01-18", "2024-01-16"}));
}

TEST(StartDay, RoundFiveEitherDayIsAsExpected) {
  for (const auto minute : {16h + 59min, 17h + 0min, 17h + 1min}) {
    EXPECT_FALSE(odd("2024-01-16", minute)) << minute.count();
    EXPECT_FALSE(odd("2024-01-17", minute)) << minute.count();
    EXPECT_TRUE(odd("2024-01-18", minute)) << minute.count();
  }
}

TEST(StartDay, WhereNoDayIsToldThereIsNothingToSay) {
  for (const auto* start : {"", "null", "2024-01", "soon"}) EXPECT_FALSE(odd(start, 16h)) << start;
  EXPECT_FALSE(odd("2024-01-20", 16h, orders::ServiceId::modify)) << "it becomes effective when the file says";
}

}  // namespace
}  // namespace sluice::pipeline
