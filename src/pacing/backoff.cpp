#include "sluice/pacing/backoff.hpp"

#include <algorithm>

namespace sluice::pacing {

Nanos backoff(Nanos first, Nanos max, std::uint32_t attempt, std::uint64_t random) {
  const Nanos most = std::max(first, max);
  Nanos delay = first;
  // Doubled by comparison, not by shifting: attempts have no bound, and 2^64 nanoseconds do.
  for (std::uint32_t i = 1; i < attempt && delay < most; ++i) delay = delay > most / 2 ? most : delay * 2;
  // Up to 10 % more, never less: two clients that failed together must not come back together, and identical bodies
  // sooner are refused.
  const auto thousandths = static_cast<std::int64_t>(random % 101);
  return delay + delay / 1000 * thousandths;
}

}  // namespace sluice::pacing
