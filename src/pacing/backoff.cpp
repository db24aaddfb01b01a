#include "sluice/pacing/backoff.hpp"

#include <algorithm>

namespace sluice::pacing {

Nanos backoff(Nanos first, Nanos max, std::uint32_t attempt, std::uint64_t random) {
  const Nanos most = std::max(first, max);
  Nanos delay = first;
  for (std::uint32_t i = 1; i < attempt && delay < most; ++i) delay = delay > most / 2 ? most : delay * 2;
  const auto thousandths = static_cast<std::int64_t>(random % 101);
  return delay + delay / 1000 * thousandths;
}

}  // namespace sluice::pacing
