// The test of the test: real mistakes, put back one at a time, and each must be found.
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <iostream>

#include "sluice/pipeline/mutation.hpp"
#include "world.hpp"

namespace sluice::simulation {
namespace {

using pipeline::Mutation;

constexpr std::uint64_t kSeeds = 10'000;

struct Mistake {
  const char* name;
  Mutation mutation;
  bool Scenario::* planted;  ///< in the simulated ports, where that is its place; else null
};

class MutationTest : public testing::TestWithParam<Mistake> {
 protected:
  void SetUp() override { spdlog::set_level(spdlog::level::off); }
  void TearDown() override { pipeline::current_mutation = Mutation::none; }
};

TEST_P(MutationTest, IsFound) {
  const Mistake& mistake = GetParam();
  pipeline::current_mutation = mistake.mutation;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Scenario scenario = plan(seed);
    if (mistake.planted) scenario.*mistake.planted = true;
    const Report report = World(std::move(scenario), false).run();
    if (report.violations.empty()) continue;
    std::cout << mistake.name << ": seed " << seed << ": " << report.violations.front() << "\n";
    pipeline::current_mutation = Mutation::none;
    EXPECT_EQ(World(plan(seed), false).run().violations, std::vector<std::string>{})
        << "seed " << seed << " fails without the mistake, too";
    return;
  }
  FAIL() << mistake.name << " was not found in " << kSeeds << " seeds";
}

INSTANTIATE_TEST_SUITE_P(Each, MutationTest,
                         testing::Values(Mistake{"announce_after_sending", Mutation::announce_after_sending, nullptr},
                                         Mistake{"forget_maybe_applied", Mutation::forget_maybe_applied, nullptr},
                                         Mistake{"settle_before_commit", Mutation::settle_before_commit, nullptr},
                                         Mistake{"rename_before_fsync", Mutation::rename_before_fsync, nullptr},
                                         Mistake{"resend_on_hold", Mutation::resend_on_hold, nullptr},
                                         Mistake{"ignore_busy_keys", Mutation::ignore_busy_keys, nullptr},
                                         Mistake{"forgetful_gate", Mutation::forgetful_gate, &Scenario::forgetful_gate},
                                         Mistake{"lazy_fsync", Mutation::none, &Scenario::lazy_fsync}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace sluice::simulation
