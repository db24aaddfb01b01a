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

void PrintTo(const Mistake& mistake, std::ostream* out) {
  *out << mistake.name;
}

class MutationTest : public testing::TestWithParam<Mistake> {
 protected:
  void SetUp() override { spdlog::set_level(spdlog::level::off); }
  void TearDown() override { pipeline::current_mutation = Mutation::none; }
};

Report run(std::uint64_t seed, Mutation mutation, bool Scenario::* planted) {
  pipeline::current_mutation = mutation;
  Scenario scenario = plan(seed);
  if (planted) scenario.*planted = true;
  return World(std::move(scenario), false).run();
}

TEST_P(MutationTest, IsFound) {
  const Mistake& mistake = GetParam();
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Report report = run(seed, mistake.mutation, mistake.planted);
    if (report.violations.empty()) continue;
    // It counts only where the mistake alone makes the difference.
    if (!run(seed, Mutation::none, nullptr).violations.empty()) continue;
    std::cout << mistake.name << ": seed " << seed << ": " << report.violations.front() << "\n";
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
                                         Mistake{"forget_doubts", Mutation::forget_doubts, nullptr},
                                         Mistake{"forgetful_gate", Mutation::forgetful_gate, &Scenario::forgetful_gate},
                                         Mistake{"lazy_fsync", Mutation::none, &Scenario::lazy_fsync}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace sluice::simulation
