#pragma once

#include <string_view>

#include "sluice/pacing/gate.hpp"

namespace sluice::pacing {

/// A new state for a rate that differs from the one `theirs` was kept at, once nobody lives by that any more. What the
/// API asked for is not forgotten with the rate: closures, and the spacing it made us widen to.
GateState at_another_rate(const GateState& theirs, Rate ours, std::string_view boot_id, Boottime now);

}  // namespace sluice::pacing
