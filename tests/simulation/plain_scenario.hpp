#pragma once

#include "scenario.hpp"

namespace sluice::simulation {

/// One file of good orders, each of its own uid, in fair weather; for tests that change one thing in it.
Scenario plain_scenario(std::uint64_t orders, std::uint32_t batch_size);

}  // namespace sluice::simulation
