#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sluice/base/time.hpp"

namespace sluice::pacing {

/// `requests` in any window of `per`: 1 to 100,000 a second, and at most kMaxRequests.
struct Rate {
  std::uint32_t requests = 10;
  Nanos per = std::chrono::seconds(1);
  friend bool operator==(const Rate&, const Rate&) = default;
};

inline constexpr std::uint32_t kMaxRequests = 1'000'000;  ///< a window: what a group's counts can hold
inline constexpr std::size_t kMaxGroups = 128;
inline constexpr std::size_t kMaxParticipants = 16;

/// Slots taken together (1 up to 128 requests a window; above that, slots share groups so that the state stays small;
/// ring.hpp says how many).
struct Group {
  Boottime anchor{};        ///< newest known anchor of its slots; see GateState
  std::uint32_t taken = 0;  ///< slots given out
  /// Of these, the ones without an anchor yet, by the participant (process) that took them.
  std::array<std::uint16_t, kMaxParticipants> open{};
  friend bool operator==(const Group&, const Group&) = default;
};

/// How soon slots follow each other, windows aside.
struct Pace {
  Rate rate;
  Boottime next_start{};    ///< by the gap
  Boottime closed_until{};  ///< throttled, or a fresh gate waiting one window
  double widening = 1.0;    ///< 1 to 4
  friend bool operator==(const Pace&, const Pace&) = default;
};

/// All there is to the pace; plain data, kept in the gate's file and shared by processes. The pacing rules are
/// docs/api.md's "Limiters met in practice":
/// gap: consecutive starts at least 1.01 × per / requests apart (times `widening`);
/// window: start(k + requests) >= anchor(k) + 1.002 × per, anchor(k) = the earliest of response received, request
/// acknowledged + arrival_margin(), and request fully written + 250 ms.
struct GateState : Pace {
  std::array<char, 37> boot_id{};  ///< /proc/sys/kernel/random/boot_id, with its NUL
  Boottime widened_at{};           ///< clean seconds count from here
  /// Answers to requests started before this belong to the episode already punished; kLasting: a closure lasts.
  Boottime episode_until{};
  /// Number of the group being filled; its place in the ring is this modulo the ring's groups. Begins at the moment a
  /// state was made, so that a slot of a lost state is never taken for one of the new state's.
  std::uint64_t newest = 0;
  std::array<Group, kMaxGroups> groups{};
  friend bool operator==(const GateState&, const GateState&) = default;
};

/// A state nobody has used. `unknown_past` (unreadable file, other boot): waits one window first, counted from now +
/// kUnknownArrival, because a request may have been written this very moment.
GateState fresh(Rate rate, std::string_view boot_id, Boottime now, bool unknown_past);

/// A slot given out, to be handed back to settle().
struct Slot {
  std::uint64_t group = 0;  ///< the group's number
  std::uint32_t participant = 0;
  Boottime start{};
};

/// What take() says: slots now, or wait until then and ask again.
struct Take {
  std::uint32_t slots = 0;        ///< 0: none now
  Slot slot;                      ///< shared by the slots given together
  Boottime wait_until{};          ///< when slots == 0: when it is worth asking again
  bool waits_for_anchor = false;  ///< it hangs on an answer (or a dead process's): ask again when one settles
};

/// Takes up to `wanted` (1 or more) slots: one, or, where the gap is below 1 ms, as many as fall due within 1 ms. No
/// catching up after lateness.
Take take(GateState& state, Boottime now, std::uint32_t wanted, std::uint32_t participant);

/// By the gap and closed_until alone: until when there can be no slot, if there can be none now.
std::optional<Boottime> too_early(const Pace& pace, Boottime now);

/// By the window alone: until when there can be no slot, as far as anchors are known; those to come make it only later.
Boottime window_until(const GateState& state);

/// When the `ahead`-th slot from now (1: the next) would be due at the earliest, by the gap and closed_until alone.
Boottime due(const Pace& pace, Boottime now, std::uint32_t ahead);

/// One slot's anchor is known: answer received, acknowledged + arrival_margin(), written + 250 ms, or cut + 250 ms.
/// `anchor` may lie ahead of now.
/// Slots given together are settled one by one. A slot this state doesn't know (it was lost meanwhile, or its owner was
/// buried) changes nothing.
void settle(GateState& state, Slot slot, Boottime anchor);

/// A participant's process died; noticed at `now`: its open slots are anchored at now + 250 ms.
/// Also to be called by a new process for the number it takes over.
void bury(GateState& state, std::uint32_t participant, Boottime now);

inline constexpr Boottime kLasting = Boottime::max();

/// How long to stop for an answer that says *throttled* without a Retry-After: 2 s, 4 s, 8 s … to `max_delay` while the
/// closure lasts. `last`: of the answer before it; 0: it is the first (docs/api.md, What each answer means).
Nanos next_pause(Nanos last, Nanos max_delay);

/// Throttled: closes until `now` + pause (0 to 1 h). A closure lasts until a request that started after it has a clean
/// answer; all of it, the polls that find it closed still included, is one episode, and widens by 10 % (at most ×4)
/// once. `started`: of the refused request.
void throttled(GateState& state, Boottime started, Boottime now, Nanos pause);

/// One request among usable ones was refused for its pace, by something that doesn't say so: widens as throttled()
/// does, and closes nothing.
void widen(GateState& state, Boottime started, Boottime now);

/// A clean answer, to a request that started then: ends a closure, if it started after that; and takes half of what is
/// above the normal spacing off for each minute without a new episode.
void clean(GateState& state, Boottime started, Boottime now);

inline constexpr Nanos kUnknownArrival = std::chrono::milliseconds(250);  ///< a guess, by docs/api.md

/// How long after the peer's TCP acknowledged a request it may reach whoever counts it: a proxy may have acknowledged
/// it, or a server that stands still. 20 ms at the normal spacing; the first throttled answer makes it kUnknownArrival,
/// and clean time takes it back as it does the spacing.
Nanos arrival_margin(const Pace& pace);

/// The file's bytes (always kGateBytes), with a version and a checksum; and back. nullopt: not a sound state of this
/// version.
inline constexpr std::size_t kGateBytes = 8192;
std::string to_bytes(const GateState& state);
void to_bytes(const GateState& state, std::string& bytes);
std::optional<GateState> from_bytes(std::string_view bytes);
/// Whether these can be what is left of a gate's bytes: none, such as begin with its mark, or the zeros that a power
/// cut leaves. Anything else is somebody's file.
bool may_be_gate(std::string_view bytes);

}  // namespace sluice::pacing
