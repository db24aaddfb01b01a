#pragma once

#include <cstdint>

#include "sluice/base/time.hpp"

namespace sluice::pacing {

/// Delay before attempt `attempt` + 1 (attempt counts from 1): first × 2^(attempt-1), at most max, plus up to 10 %
/// jitter (never less than first). `random`: any 64 random bits; same bits, same delay.
Nanos backoff(Nanos first, Nanos max, std::uint32_t attempt, std::uint64_t random);

}  // namespace sluice::pacing
