#include "pacing/limiters.hpp"

#include <gtest/gtest.h>

#include "pacing/simulated_line.hpp"

namespace sluice::pacing::testing {
namespace {

constexpr Rate kTen{.requests = 10, .per = 1s};

/// The server's clock: 500 ppm fast or slow, and at any phase of its second.
Nanos on_server(Nanos ours, std::int64_t ppm, Nanos phase) {
  return ours + ours * ppm / 1'000'000 + phase;
}

/// How many of the arrivals a fresh limiter refuses, over clocks and phases; 0 of `judged`.
struct Verdict {
  std::size_t refused = 0;
  std::size_t judged = 0;
};
Verdict judge(std::size_t limiter, const std::vector<Nanos>& arrivals) {
  Verdict verdict;
  for (const std::int64_t ppm : {-500, 0, 500}) {
    for (Nanos phase = 0ms; phase < 1s; phase += 93'700us) {
      const Limiter fresh_limiter = limiters()[limiter];
      for (const Nanos arrival : arrivals) {
        verdict.refused += fresh_limiter.accept(on_server(arrival, ppm, phase)) ? 0 : 1;
        ++verdict.judged;
      }
    }
  }
  return verdict;
}

class EveryLimiter : public ::testing::TestWithParam<std::size_t> {};

TEST_P(EveryLimiter, RefusesNothingOnAnEvenPath) {
  SimulatedLine line(kTen, {.path = 10ms, .answer = 10ms}, {}, 1);
  line.run(120s);
  const Verdict verdict = judge(GetParam(), line.arrivals);
  EXPECT_GT(verdict.judged, 30'000U);
  EXPECT_EQ(verdict.refused, 0U);
}

TEST_P(EveryLimiter, RefusesNothingUnderTheJitterItCanBear) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    SimulatedLine line(kTen, {.path = 5ms, .jitter = limiters()[GetParam()].jitter, .answer = 5ms}, {}, seed);
    line.run(60s);
    EXPECT_EQ(judge(GetParam(), line.arrivals).refused, 0U) << "seed " << seed;
  }
}

TEST_P(EveryLimiter, RefusesNothingOfTwoProcessesThatShareTheGate) {
  SimulatedLine line(kTen, {.path = 5ms, .jitter = limiters()[GetParam()].jitter, .answer = 5ms}, {.processes = 2}, 7);
  line.run(60s);
  EXPECT_GT(line.arrivals.size(), 450U);
  EXPECT_EQ(judge(GetParam(), line.arrivals).refused, 0U);
}

/// The limiters themselves can refuse: what docs/api.md says fails, fails.
TEST_P(EveryLimiter, RefusesElevenAtOnce) {
  EXPECT_GT(judge(GetParam(), std::vector<Nanos>(11, 400ms)).refused, 0U);
}

INSTANTIATE_TEST_SUITE_P(Limiters, EveryLimiter, ::testing::Range<std::size_t>(0, limiters().size()),
                         [](const auto& info) { return limiters()[info.param].name; });

TEST(Limiters, RefuseExactlyOneHundredMilliseconds) {
  std::vector<Nanos> even;
  for (int i = 0; i < 600; ++i) even.push_back(i * 100ms);
  std::size_t refusing = 0;
  for (std::size_t limiter = 0; limiter < limiters().size(); ++limiter) {
    refusing += judge(limiter, even).refused > 0 ? 1 : 0;
  }
  EXPECT_GE(refusing, 4U);
}

double rate_of(const std::vector<Nanos>& starts) {
  return static_cast<double>(starts.size() - 1) / std::chrono::duration<double>(starts.back() - starts.front()).count();
}

TEST(Pace, KeepsMoreThanNinePointFourASecondOnUsualPaths) {
  for (const Nanos half : {1ms, 10ms, 25ms}) {
    SimulatedLine line(kTen, {.path = half, .answer = half}, {}, 1);
    line.run(60s);
    EXPECT_GE(rate_of(line.starts), 9.4) << "round trip ms " << Millis(2 * half / 1ms).count();
    EXPECT_LE(rate_of(line.starts), 10.0 / 1.01 + 0.001);
  }
}

TEST(Pace, KeepsEightASecondWhereAnswersAreSlow) {
  SimulatedLine line(kTen, {.path = 10ms, .answer = 2s}, {}, 1);
  line.run(60s);
  EXPECT_GE(rate_of(line.starts), 7.95);
}

TEST(Pace, KeepsNinePointSevenASecondWhereSlowAnswersAreAcknowledgedAtOnce) {
  SimulatedLine line(kTen, {.path = 1ms, .answer = 2s, .acknowledges = true}, {}, 1);
  line.run(60s);
  EXPECT_GE(rate_of(line.starts), 9.7);
}

TEST(Pace, ReachesNinetyFiveThousandASecondOfAHundredThousand) {
  SimulatedLine line({.requests = 100'000, .per = 1s}, {.path = 1ms, .jitter = 1ms, .answer = 1ms}, {}, 1);
  line.run(2s);
  const auto in_a_second = std::ranges::count_if(line.starts, [](Nanos t) { return t >= 1s; });
  EXPECT_GE(in_a_second, 95'000);
  EXPECT_LE(in_a_second, 100'000);
}

}  // namespace
}  // namespace sluice::pacing::testing
