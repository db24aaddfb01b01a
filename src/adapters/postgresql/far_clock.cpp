#include "postgresql/far_clock.hpp"

#include <algorithm>

#include "sluice/base/check.hpp"

namespace sluice::adapters::postgresql {

namespace {

constexpr int kDrift = 2'000;                          // clocks differ by 500 ppm at the most
constexpr Nanos kTold = std::chrono::microseconds(1);  // the server cuts its clock off there

void move(Boottime& at, Nanos by) {
  if (at != Boottime{} && at != pacing::kLasting) at += by;
}

}  // namespace

void FarClock::learn(Boottime sent, Boottime received, FarTime told) {
  // It was told after `sent` and before `received`: the truth lies between these.
  const Nanos most = told + kTold - sent.time_since_epoch();
  const Nanos least = told - received.time_since_epoch();
  // Below the least only when one of the clocks was set, or slept.
  if (!best_ || most <= ahead(received) || ahead(received) < least) best_ = Best{.ahead = most, .at = received};
}

Nanos FarClock::ahead(Boottime now) const {
  SLUICE_CHECK(best_, "the database's clock was not asked");
  return best_->ahead + std::max(now - best_->at, Nanos{0}) / kDrift;
}

pacing::GateState moved(pacing::GateState state, Nanos by) {
  for (Boottime* at : {&state.next_start, &state.closed_until, &state.widened_at, &state.episode_until}) move(*at, by);
  for (auto& group : state.groups) move(group.anchor, by);
  return state;
}

void take_back(pacing::GateState& state, const pacing::GateState& before, const pacing::GateState& after,
               std::uint32_t participant) {
  for (std::size_t i = 0; i < state.groups.size(); ++i) {
    auto& open = state.groups[i].open[participant];
    const auto was = before.groups[i].open[participant];
    const auto became = after.groups[i].open[participant];
    // A group with an open slot makes room for no other, so this is still the one it was.
    if (became > was) open = static_cast<std::uint16_t>(open - std::min<int>(open, became - was));
    // One that was settled may have made room meanwhile: a slot opened in another one would never be settled.
    const bool same =
        state.groups[i].anchor == after.groups[i].anchor && state.groups[i].taken == after.groups[i].taken;
    if (became < was && same) open = static_cast<std::uint16_t>(open + (was - became));
  }
}

}  // namespace sluice::adapters::postgresql
