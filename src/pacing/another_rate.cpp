#include "sluice/pacing/another_rate.hpp"

#include <algorithm>

namespace sluice::pacing {

GateState at_another_rate(const GateState& theirs, Rate ours, std::string_view boot_id, Boottime now) {
  GateState state = fresh(ours, boot_id, now, true);
  state.closed_until = std::max({state.closed_until, theirs.closed_until, theirs.next_start});
  state.widening = theirs.widening;
  state.widened_at = theirs.widened_at;
  state.episode_until = theirs.episode_until;
  return state;
}

}  // namespace sluice::pacing
