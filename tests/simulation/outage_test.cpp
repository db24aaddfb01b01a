// The numbers issue after issue is held against: an outage in the middle of a large job, and a credential that expires.
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include "plain_scenario.hpp"
#include "world.hpp"

namespace sluice::simulation {
namespace {

using namespace std::chrono_literals;

constexpr Nanos kBegins = 50s;
constexpr Nanos kEnds = kBegins + 20min;

class OutageTest : public testing::TestWithParam<config::InDoubt> {
 protected:
  void SetUp() override { spdlog::set_level(spdlog::level::off); }
};

TEST_P(OutageTest, TwentyMinutesOf502CostFewRequestsAndAllIsPlacedAfterwards) {
  Scenario scenario = plain_scenario(5000, 5);
  scenario.settings.retry.in_doubt = GetParam();
  scenario.deeds = {{.deed = Deed::outage_begins, .at = kBegins}, {.deed = Deed::outage_ends, .at = kEnds}};
  scenario.clears_at = kEnds + 1h;
  World world(std::move(scenario), false);
  const Report report = world.run();
  EXPECT_EQ(report.violations, std::vector<std::string>{});
  const auto cost = world.witness().posts_between(kBegins, kEnds);
  EXPECT_LT(cost, 300);
  EXPECT_GT(world.witness().posts_between(0s, kBegins), 400) << "the outage begins in the middle";
  RecordProperty("requests_in_the_outage", static_cast<int>(cost));
  std::uint64_t applied = 0;
  for (std::uint64_t row = 1; row <= 5000; ++row) {
    const RowFacts* facts = world.witness().facts(1, row);
    ASSERT_TRUE(facts);
    applied += facts->applied_by.size();
  }
  if (GetParam() == config::InDoubt::resend) {
    EXPECT_EQ(applied, 5000);
    // In flight when it began, at most, and what went out before the third answer told: no other row.
    EXPECT_LE(world.witness().rows_maybe_applied(), 32 * 5);
  } else {
    // On `hold` every probe risks one order, and no more.
    EXPECT_LE(world.witness().rows_maybe_applied(), cost + 32 * 4);
  }
}

TEST_P(OutageTest, TwentyMinutesOf429CostFewerStillAndNothingIsInDoubt) {
  Scenario scenario = plain_scenario(1000, 5);
  scenario.settings.retry.in_doubt = GetParam();
  scenario.deeds = {{.deed = Deed::closure_begins, .at = 5s}, {.deed = Deed::closure_ends, .at = 5s + 20min}};
  scenario.clears_at = 2h;
  World world(std::move(scenario), false);
  const Report report = world.run();
  EXPECT_EQ(report.violations, std::vector<std::string>{});
  EXPECT_LT(world.witness().posts_between(6s, 5s + 20min), 20) << "2, 4, 8 ... 300 s apart";
  EXPECT_EQ(world.witness().rows_maybe_applied(), 0);
  for (std::uint64_t row = 1; row <= 1000; ++row) EXPECT_EQ(world.witness().facts(1, row)->applied_by.size(), 1);
}

INSTANTIATE_TEST_SUITE_P(Both, OutageTest, testing::Values(config::InDoubt::resend, config::InDoubt::hold),
                         [](const auto& info) { return info.param == config::InDoubt::hold ? "Hold" : "Resend"; });

class CredentialTest : public testing::TestWithParam<bool> {};

TEST_P(CredentialTest, AnExpiredOneStopsTheLineAndANewOneStartsItWithinSeconds) {
  spdlog::set_level(spdlog::level::off);
  constexpr Nanos expires = 5s;
  constexpr Nanos mended = 200s;
  Scenario scenario = plain_scenario(200, 1);
  scenario.unauthorized_in_envelope = GetParam();
  scenario.deeds = {{.deed = Deed::rotate_credential, .at = expires}, {.deed = Deed::mend_credential, .at = mended}};
  scenario.clears_at = 1h;
  World world(std::move(scenario), false);
  const Report report = world.run();  // that nothing starts after the first 401 was read, the witness has watched
  EXPECT_EQ(report.violations, std::vector<std::string>{});
  EXPECT_LE(world.witness().posts_between(expires + 1s, mended), 4) << "slow probes, 60 s apart";
  EXPECT_GT(world.witness().posts_between(mended, mended + 10s), 10);
  EXPECT_EQ(world.witness().rows_maybe_applied(), 0);
}

INSTANTIATE_TEST_SUITE_P(Both, CredentialTest, testing::Bool(),
                         [](const auto& info) { return info.param ? "InA200Envelope" : "InHttp"; });

}  // namespace
}  // namespace sluice::simulation
