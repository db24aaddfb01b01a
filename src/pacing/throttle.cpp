#include <algorithm>
#include <cmath>

#include "sluice/pacing/gate.hpp"

namespace sluice::pacing {
namespace {

constexpr double kWiden = 1.1;
constexpr double kWidest = 4.0;
constexpr Nanos kCleanStep = std::chrono::seconds(10);
constexpr double kLeftAfterStep = 0.8908987181403393;  // of the excess: half of it after six steps, a minute
constexpr double kNormal = 1.005;                      // what is closer is the normal spacing
constexpr Nanos kFirstPause = std::chrono::seconds(2);
constexpr Nanos kLeastMargin = std::chrono::milliseconds(20);
constexpr Nanos kLongestPause = std::chrono::hours(1);  // Retry-After's (docs/api.md, What each answer means)

/// In whole millionths, as the gate's file keeps it: a state read back is the state that was written.
double bounded(double widening) {
  return static_cast<double>(std::llround(std::clamp(widening, 1.0, kWidest) * 1e6)) / 1e6;
}

}  // namespace

Nanos arrival_margin(const Pace& pace) {
  // One step of the spacing covers all of it: what was refused shows that the acknowledgement proved too little.
  const double doubted = std::min(1.0, (pace.widening - 1.0) / (kWiden - 1.0));
  return kLeastMargin + Nanos{std::llround(static_cast<double>((kUnknownArrival - kLeastMargin).count()) * doubted)};
}

Nanos next_pause(Nanos last, Nanos max_delay) {
  return last == Nanos{0} ? kFirstPause : std::min(last * 2, max_delay);
}

void throttled(GateState& state, Boottime started, Boottime now, Nanos pause) {
  // One closure is one lesson: each request it refused was sent before anybody knew, or as a poll.
  const bool punished = started < state.episode_until;
  state.closed_until = std::max(state.closed_until, now + std::clamp(pause, Nanos{0}, kLongestPause));
  state.widened_at = state.closed_until;  // a pause proves nothing
  state.episode_until = kLasting;
  if (!punished) state.widening = bounded(state.widening * kWiden);
}

void widen(GateState& state, Boottime started, Boottime now) {
  if (started < state.episode_until) return;
  state.widening = bounded(state.widening * kWiden);
  state.widened_at = std::max(state.widened_at, now);
  // Whatever is in flight at this moment was sent before anybody knew.
  state.episode_until = now;
}

void clean(GateState& state, Boottime started, Boottime now) {
  // Only what started after the closure proves that it is over.
  if (state.episode_until == kLasting && started >= state.closed_until) state.episode_until = now;
  // In steps of ten seconds however often it is asked: a busy line must not recover faster than a quiet one.
  while (state.widening > 1.0 && now - state.widened_at >= kCleanStep) {
    const double excess = (state.widening - 1.0) * kLeftAfterStep;
    state.widening = 1.0 + excess < kNormal ? 1.0 : bounded(1.0 + excess);
    state.widened_at += kCleanStep;
  }
}

}  // namespace sluice::pacing
