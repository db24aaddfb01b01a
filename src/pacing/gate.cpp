#include "sluice/pacing/gate.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "ring.hpp"
#include "sluice/base/check.hpp"

namespace sluice::pacing {
namespace {

/// Somebody else's slot settles without our hearing of it, and a dead process is noticed only when the state is looked
/// at: so a wait for an anchor ends now and then.
constexpr Nanos kLookAgain = std::chrono::seconds(1);

Nanos gap_of(const Pace& pace) {
  const Nanos narrowest = narrowest_gap(pace.rate);
  return Nanos{std::llround(static_cast<double>(narrowest.count()) * pace.widening)};
}

/// How early a slot may be given out.
Nanos lead_of(Nanos gap) {
  return gap < kTogether ? kTogether : Nanos{0};
}

bool has_open(const Group& group) {
  return std::ranges::any_of(group.open, [](std::uint16_t open) { return open > 0; });
}

Group& group_at(GateState& state, std::uint64_t number) {
  return state.groups[number % ring_of(state.rate).groups];
}

/// The window rule: the ring's oldest group makes room for a new one. False: not yet, and `take` says until when.
bool begin_group(GateState& state, Boottime now, Take& take) {
  Group& oldest = group_at(state, state.newest + 1);
  if (oldest.taken > 0) {
    take.waits_for_anchor = has_open(oldest);
    const Boottime known = oldest.anchor + window_of(state.rate);
    // What is open now gets an anchor of about now or later, so hardly anything can change for a window; whoever
    // settles it sooner asks again.
    const Boottime hoped = now + std::min(window_of(state.rate), kLookAgain);
    take.wait_until = take.waits_for_anchor ? std::max(known, hoped) : known;
    // A slot without an anchor may still arrive: nobody knows when its window ends, so nothing starts (I5).
    if (take.waits_for_anchor || now < known) return false;
  }
  ++state.newest;
  oldest = Group{};
  return true;
}

}  // namespace

GateState fresh(Rate rate, std::string_view boot_id, Boottime now, bool unknown_past) {
  SLUICE_CHECK(rate.requests > 0 && rate.requests <= kMaxRequests && rate.per > Nanos{0}, "a rate out of bounds");
  GateState state;
  state.rate = rate;
  std::memcpy(state.boot_id.data(), boot_id.data(), std::min(boot_id.size(), state.boot_id.size() - 1));
  state.newest = static_cast<std::uint64_t>(now.time_since_epoch().count());
  // What another boot, or a lost file, has sent within the last window is unknown: it is waited out, with the time it
  // may take to arrive.
  if (unknown_past) state.closed_until = now + kUnknownArrival + window_of(rate);
  return state;
}

Take take(GateState& state, Boottime now, std::uint32_t wanted, std::uint32_t participant) {
  SLUICE_CHECK(wanted > 0, "no slot wanted");
  SLUICE_CHECK(participant < kMaxParticipants, "a participant without a number");
  const Nanos gap = gap_of(state);
  const Nanos lead = lead_of(gap);
  Take take;
  if (const auto later = too_early(state, now)) {
    take.wait_until = *later;
    return take;
  }
  const Ring ring = ring_of(state.rate);
  if (group_at(state, state.newest).taken == ring.slots && !begin_group(state, now, take)) return take;

  Group& group = group_at(state, state.newest);
  // No catching up: a slot that was not used in time is gone, or a late process would send a burst.
  const Boottime first = std::max(now, state.next_start);
  const auto due_now = static_cast<std::uint64_t>((now + lead - first) / gap) + 1;
  const std::uint64_t together = lead > Nanos{0} ? due_now : 1;
  take.slots = static_cast<std::uint32_t>(std::min<std::uint64_t>({wanted, ring.slots - group.taken, together}));
  take.slot = {.group = state.newest, .participant = participant, .start = now};
  state.next_start = first + take.slots * gap;
  group.taken += take.slots;
  // Noted by participant, so that those of a process that dies can be told from everybody else's.
  group.open[participant] = static_cast<std::uint16_t>(group.open[participant] + take.slots);
  return take;
}

std::optional<Boottime> too_early(const Pace& pace, Boottime now) {
  const Nanos lead = lead_of(gap_of(pace));
  if (now >= pace.closed_until && now >= pace.next_start - lead) return std::nullopt;
  // Half the lead gathers a few slots and still forgives a timer that wakes late.
  return std::max(pace.closed_until, pace.next_start - lead / 2);
}

Boottime window_until(const GateState& state) {
  const Ring ring = ring_of(state.rate);
  const Group& oldest = state.groups[(state.newest + 1) % ring.groups];
  const bool begins = state.groups[state.newest % ring.groups].taken == ring.slots;
  return begins && oldest.taken > 0 ? oldest.anchor + window_of(state.rate) : Boottime{};
}

Boottime due(const Pace& pace, Boottime now, std::uint32_t ahead) {
  const Nanos gap = gap_of(pace);
  const Boottime open = std::max(now, pace.closed_until);
  const Boottime slot = std::max(open, pace.next_start) + (std::max(ahead, 1U) - 1) * gap;
  return std::max(open, slot - lead_of(gap));
}

void settle(GateState& state, Slot slot, Boottime anchor) {
  SLUICE_CHECK(slot.participant < kMaxParticipants, "a participant without a number");
  const bool in_ring = slot.group <= state.newest && state.newest - slot.group < ring_of(state.rate).groups;
  // A slow answer may outlive its place in the ring: by then its window is over anyway.
  if (!in_ring) return;
  Group& group = group_at(state, slot.group);
  if (group.open[slot.participant] == 0) return;
  --group.open[slot.participant];
  // The latest of the group stands for all of it: later than true for some, and so never too early (I5).
  group.anchor = std::max(group.anchor, anchor);
}

void bury(GateState& state, std::uint32_t participant, Boottime now) {
  SLUICE_CHECK(participant < kMaxParticipants, "a participant without a number");
  for (Group& group : state.groups) {
    if (group.open[participant] == 0) continue;
    group.open[participant] = 0;
    // The last of its bytes may have left this very moment.
    group.anchor = std::max(group.anchor, now + kUnknownArrival);
  }
}

}  // namespace sluice::pacing
