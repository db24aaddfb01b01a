#include <gtest/gtest.h>

#include "pacing/simulated_line.hpp"

namespace sluice::pacing::testing {
namespace {

/// I5: the narrowest span that holds limit + 1 arrivals; more than `per`, or the limit was broken.
Nanos narrowest_excess(const std::vector<Nanos>& arrivals, std::uint32_t limit) {
  Nanos narrowest = Nanos::max();
  for (std::size_t i = 0; i + limit < arrivals.size(); ++i) {
    narrowest = std::min(narrowest, arrivals[i + limit] - arrivals[i]);
  }
  return narrowest;
}

struct Weather {
  const char* name;
  Network network;
  Fate fate;
};

const Weather kWeathers[] = {
    {"jitter", {.path = 0ms, .jitter = 250ms}, {}},
    {"slow answers", {.path = 0ms, .jitter = 250ms, .answer = 0ms, .answer_jitter = 3s}, {}},
    {"slow answers acknowledged", {.path = 0ms, .jitter = 250ms, .answer_jitter = 3s, .acknowledges = true}, {}},
    {"slow writing", {.path = 0ms, .jitter = 250ms, .answer_jitter = 500ms, .writing = 2s}, {}},
    {"cut", {.path = 0ms, .jitter = 250ms, .cut = 0.3}, {}},
    {"two processes", {.path = 0ms, .jitter = 250ms, .answer_jitter = 1s}, {.processes = 2}},
    {"sixteen processes", {.path = 0ms, .jitter = 250ms, .writing = 100ms}, {.processes = 16}},
    {"deaths",
     {.path = 0ms, .jitter = 250ms, .answer_jitter = 1s, .writing = 300ms},
     {.processes = 3, .life = 700ms, .noticed = 2s}},
    {"reboots",
     {.path = 0ms, .jitter = 250ms, .answer_jitter = 400ms},
     {.processes = 2, .life = 3s, .noticed = 100ms, .reboot = 3s}},
};

constexpr Rate kRates[] = {{.requests = 10, .per = 1s},  {.requests = 1, .per = 1s},   {.requests = 3, .per = 100ms},
                           {.requests = 128, .per = 1s}, {.requests = 257, .per = 1s}, {.requests = 1'300, .per = 1s}};

class EveryWeather : public ::testing::TestWithParam<std::size_t> {};

TEST_P(EveryWeather, HoldsTheLimitInEveryWindow) {
  const Weather& weather = kWeathers[GetParam()];
  for (const Rate& rate : kRates) {
    for (std::uint64_t seed = 0; seed < (rate.requests > 10 ? 1 : 20); ++seed) {
      SimulatedLine line(rate, weather.network, weather.fate, seed);
      line.run(rate.requests > 10 ? 5s : 20s);
      ASSERT_GT(line.arrivals.size(), rate.requests) << weather.name << ": nothing was judged";
      EXPECT_GT(narrowest_excess(line.arrivals, rate.requests), rate.per + rate.per / 1000)
          << weather.name << ", " << rate.requests << " in " << rate.per / 1ms << " ms, seed " << seed;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Weathers, EveryWeather, ::testing::Range<std::size_t>(0, std::size(kWeathers)),
                         [](const auto& info) {
                           std::string name = kWeathers[info.param].name;
                           std::ranges::replace(name, ' ', '_');
                           return name;
                         });

TEST(SharedGate, ServesBothProcesses) {
  SimulatedLine line({.requests = 10, .per = 1s}, {}, {.processes = 2}, 3);
  line.run(30s);
  EXPECT_GT(line.starts.size(), 280U) << "together as fast as one alone";
}

TEST(SharedGate, GoesOnAfterEveryDeath) {
  SimulatedLine line({.requests = 10, .per = 1s}, {.answer_jitter = 1s}, {.life = 5s, .noticed = 500ms}, 3);
  line.run(600s);
  EXPECT_GT(line.starts.size(), 3'000U);
  EXPECT_GT(line.starts.back(), 598s);
}

}  // namespace
}  // namespace sluice::pacing::testing
