#include <algorithm>
#include <cmath>

#include "sluice/pacing/gate.hpp"

namespace sluice::pacing {
namespace {

constexpr double kWiden = 1.1;
constexpr double kWidest = 4.0;
constexpr double kNarrow = 0.99;
constexpr Nanos kCleanStep = std::chrono::seconds(10);
constexpr Nanos kLongestPause = std::chrono::hours(1);  // Retry-After's (docs/api.md, What each answer means)

/// In whole millionths, as the gate's file keeps it: a state read back is the state that was written.
double bounded(double widening) {
  return static_cast<double>(std::llround(std::clamp(widening, 1.0, kWidest) * 1e6)) / 1e6;
}

}  // namespace

void throttled(GateState& state, Boottime started, Boottime now, Nanos pause) {
  state.closed_until = std::max(state.closed_until, now + std::clamp(pause, Nanos{0}, kLongestPause));
  state.widened_at = state.closed_until;  // a pause proves nothing
  if (started < state.episode_until) return;
  state.widening = bounded(state.widening * kWiden);
  // Whatever is in flight at this moment was sent before anybody knew.
  state.episode_until = now;
}

void recover(GateState& state, Boottime now) {
  while (state.widening > 1.0 && now - state.widened_at >= kCleanStep) {
    state.widening = bounded(state.widening * kNarrow);
    state.widened_at += kCleanStep;
  }
}

}  // namespace sluice::pacing
