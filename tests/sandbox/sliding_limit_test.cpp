#include "sandbox/sliding_limit.hpp"

#include <gtest/gtest.h>

namespace sluice::sandbox {
namespace {

using std::chrono::milliseconds;

TEST(SlidingLimit, LetsTenThroughAndRefusesTheEleventh) {
  SlidingLimit limit(10);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(limit.admit(milliseconds(5000 + i)));
  EXPECT_FALSE(limit.admit(milliseconds(5010)));
}

TEST(SlidingLimit, IsStillClosedExactlyOneSecondAfterTheFirst) {
  SlidingLimit limit(1);
  EXPECT_TRUE(limit.admit(milliseconds(5000)));
  EXPECT_FALSE(limit.admit(milliseconds(6000)));
  EXPECT_TRUE(limit.admit(milliseconds(6001)));
}

TEST(SlidingLimit, DoesNotPunishTheRefused) {
  SlidingLimit limit(1);
  EXPECT_TRUE(limit.admit(milliseconds(0)));
  for (int i = 1; i <= 1000; ++i) EXPECT_FALSE(limit.admit(milliseconds(i)));
  EXPECT_TRUE(limit.admit(milliseconds(1001)));
}

TEST(SlidingLimit, OfZeroIsNoLimit) {
  SlidingLimit limit(0);
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(limit.admit(milliseconds(1)));
}

TEST(WorstSecond, CountsAWindowThatStraddlesCalendarSeconds) {
  WorstSecond worst;
  for (const int t : {900, 950, 1000, 1100, 1899, 2500}) worst.arrival(milliseconds(t));
  EXPECT_EQ(worst.worst(), 5U);
}

}  // namespace
}  // namespace sluice::sandbox
