#include "sluice/pacing/backoff.hpp"

#include <gtest/gtest.h>

namespace sluice::pacing {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, DoublesUpToItsMost) {
  const Nanos expected[] = {6s, 12s, 24s, 48s, 96s, 192s, 300s, 300s};
  for (std::uint32_t attempt = 1; attempt <= std::size(expected); ++attempt) {
    EXPECT_EQ(backoff(6s, 300s, attempt, 0), expected[attempt - 1]) << attempt;
  }
  EXPECT_EQ(backoff(6s, 300s, 4'000'000'000, 0), 300s);
}

TEST(Backoff, AddsUpToTenPercentAndNeverTakesAway) {
  Nanos least = 1h, most = 0s;
  for (std::uint64_t random = 0; random < 1'000; ++random) {
    const Nanos delay = backoff(6s, 300s, 1, random * 0x9e3779b97f4a7c15ULL);
    least = std::min(least, delay);
    most = std::max(most, delay);
  }
  EXPECT_EQ(least, 6s);
  EXPECT_EQ(most, 6600ms);
}

TEST(Backoff, GivesTheSameDelayForTheSameBits) {
  EXPECT_EQ(backoff(6s, 300s, 2, 12345), backoff(6s, 300s, 2, 12345));
  EXPECT_NE(backoff(6s, 300s, 2, 12345), backoff(6s, 300s, 2, 12346));
}

TEST(Backoff, IsNeverBelowTheFirstDelayEvenWhereTheMostIs) {
  EXPECT_EQ(backoff(6s, 1s, 3, 0), 6s);
}

TEST(Backoff, SurvivesTheLongestDelays) {
  EXPECT_EQ(backoff(1h, Nanos::max() / 2, 1'000, 0), Nanos::max() / 2);
}

}  // namespace
}  // namespace sluice::pacing
