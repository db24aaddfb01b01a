#include "hosts_world.hpp"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include "plain_scenario.hpp"

namespace sluice::simulation {
namespace {

using namespace std::chrono_literals;

class HostsWorldTest : public testing::Test {
 protected:
  void SetUp() override { spdlog::set_level(spdlog::level::off); }
};

/// A file each for two hosts, every order another one.
Scenario two_hosts(std::uint64_t orders, std::uint32_t batch_size) {
  Scenario scenario = plain_scenario(orders, batch_size);
  scenario.hosts = 2;
  FilePlan other = plain_scenario(2 * orders, batch_size).files.front();
  other.name = "others.csv";
  other.spool = 1;
  const auto head = other.content.find('\n') + 1;
  auto rows = head;
  for (std::uint64_t i = 0; i < orders; ++i) rows = other.content.find('\n', rows) + 1;
  other.content.erase(head, rows - head);
  other.rows.erase(other.rows.begin(), other.rows.begin() + static_cast<std::ptrdiff_t>(orders));
  scenario.files.push_back(std::move(other));
  return scenario;
}

TEST_F(HostsWorldTest, TwoHostsShareTheLimitAndComeCloseToIt) {
  HostsWorld world(two_hosts(100, 1), false);
  const Report report = world.run();
  EXPECT_EQ(report.violations, std::vector<std::string>{});
  EXPECT_EQ(report.requests, 200);
  EXPECT_GT(world.witness().posts_between(5s, 15s), 90);
  EXPECT_LE(world.witness().posts_between(5s, 15s), 100);
}

TEST_F(HostsWorldTest, AKillAtEveryStepOfOneOfTwoHostsLosesAndDoublesNothing) {
  for (std::uint64_t step = 1; step <= 200; ++step) {
    Scenario scenario = two_hosts(4, 2);
    scenario.clears_at = 60s;
    scenario.mishaps.push_back({.mishap = Mishap::kill, .host = 1, .after_steps = step, .lasts = 10s});
    const Report report = run_world(std::move(scenario), false);
    EXPECT_EQ(report.violations, std::vector<std::string>{}) << "step " << step;
  }
}

TEST_F(HostsWorldTest, AHostThatIsFrozenAtAnyStepFindsItsJobsTakenOverAndLeaves) {
  for (std::uint64_t step = 1; step <= 200; ++step) {
    Scenario scenario = two_hosts(4, 2);
    scenario.shared_spool = true;
    scenario.files[1].spool = 0;
    scenario.clears_at = 150s;
    scenario.mishaps.push_back({.mishap = Mishap::stall, .host = 0, .after_steps = step, .lasts = 60s});
    const Report report = run_world(std::move(scenario), false);
    EXPECT_EQ(report.violations, std::vector<std::string>{}) << "step " << step;
  }
}

}  // namespace
}  // namespace sluice::simulation
