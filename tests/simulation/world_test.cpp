#include "hosts_world.hpp"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include "plain_scenario.hpp"
#include "sluice/ports/file_names.hpp"

namespace sluice::simulation {
namespace {

using namespace std::chrono_literals;

class WorldTest : public testing::Test {
 protected:
  void SetUp() override { spdlog::set_level(spdlog::level::off); }
};

TEST_F(WorldTest, TheSameSeedRunsTheSameWayTwice) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const Report one = run_world(plan(seed), true);
    const Report two = run_world(plan(seed), true);
    ASSERT_EQ(one.trace, two.trace) << "seed " << seed;
    EXPECT_EQ(one.fingerprint, two.fingerprint);
    EXPECT_EQ(one.steps, two.steps);
    EXPECT_EQ(one.violations, two.violations);
  }
}

TEST_F(WorldTest, LookingAtTheTraceChangesNothing) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    EXPECT_EQ(run_world(plan(seed), true).fingerprint, run_world(plan(seed), false).fingerprint);
  }
}

TEST_F(WorldTest, InFairWeatherEveryOrderIsAppliedOnceAndNothingIsInDoubt) {
  World world(plain_scenario(200, 10), false);
  const Report report = world.run();
  EXPECT_EQ(report.violations, std::vector<std::string>{});
  EXPECT_EQ(report.requests, 20);
  EXPECT_EQ(world.witness().rows_maybe_applied(), 0);
  for (std::uint64_t row = 1; row <= 200; ++row) EXPECT_EQ(world.witness().facts(1, row)->applied_by.size(), 1);
}

TEST_F(WorldTest, KeepsTheRateItIsAllowedAndComesCloseToIt) {
  World world(plain_scenario(200, 1), false);
  const Report report = world.run();
  EXPECT_EQ(report.violations, std::vector<std::string>{});
  EXPECT_GT(world.witness().posts_between(2s, 12s), 90);
  EXPECT_LE(world.witness().posts_between(2s, 12s), 100);
}

TEST_F(WorldTest, OfTwoEqualFilesOneIsSentHoweverCloseTheyComeTogether) {
  for (int i = 0; i < 200; ++i) {
    Scenario scenario = plain_scenario(3, 1);
    scenario.seed = static_cast<std::uint64_t>(i);
    scenario.files.push_back(scenario.files[0]);
    scenario.files[1].name = "again.csv";
    scenario.files[1].dropped_at = std::chrono::microseconds(25) * i;
    World world(std::move(scenario), false);
    const Report report = world.run();
    EXPECT_EQ(report.violations, std::vector<std::string>{}) << i;
    EXPECT_EQ(report.requests, 3);
  }
}

TEST_F(WorldTest, ACrashAtEveryStepOfASmallJobLosesAndDoublesNothing) {
  for (const auto in_doubt : {config::InDoubt::hold, config::InDoubt::resend}) {
    for (const auto disaster : {Disaster::process_kill, Disaster::power_loss}) {
      for (std::uint64_t step = 1; step <= 260; ++step) {
        Scenario scenario = plain_scenario(6, 2);
        scenario.settings.retry.in_doubt = in_doubt;
        scenario.crashes.push_back({.disaster = disaster, .at_step = step, .restart_after = 10s});
        scenario.clears_at = 60s;
        const Report report = World(std::move(scenario), false).run();
        EXPECT_EQ(report.violations, std::vector<std::string>{}) << "step " << step;
      }
    }
  }
}

}  // namespace
}  // namespace sluice::simulation
