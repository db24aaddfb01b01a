#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sluice/base/time.hpp"

namespace sluice::pacing {

/// `requests` in any window of `per`: 1 to 100,000 a second.
struct Rate {
  std::uint32_t requests = 10;
  Nanos per = std::chrono::seconds(1);
  friend bool operator==(const Rate&, const Rate&) = default;
};

/// Slots taken together (1 up to 128 requests a window; above that, slots share groups so that the state stays small).
struct Group {
  Boottime last_start{};      ///< of its newest slot
  Boottime anchor{};          ///< newest known anchor of its slots; see Gate
  std::uint32_t taken = 0;    ///< slots given out
  std::uint32_t open = 0;     ///< of these, without an anchor yet
  std::uint32_t owners = 0;   ///< bit mask of the participants (processes) that took them
};

inline constexpr std::size_t kMaxGroups = 128;
inline constexpr std::size_t kMaxParticipants = 16;

/// All there is to the pace; plain data, kept in the gate's file and shared by processes. The pacing rules are
/// upstream.md's "Limiters met in practice":
/// gap: consecutive starts at least 1.01 × per / requests apart (times `widening`);
/// window: start(k + requests) >= anchor(k) + 1.002 × per, anchor(k) = the earlier of response received and request
/// fully written + 250 ms.
struct GateState {
  Rate rate;
  std::array<char, 37> boot_id{};  ///< /proc/sys/kernel/random/boot_id, with its NUL
  Boottime next_start{};           ///< by the gap
  Boottime closed_until{};         ///< throttled, or a fresh gate waiting one window
  double widening = 1.0;           ///< 1 to 4
  Boottime widened_at{};           ///< last widening or recovery step
  Boottime episode_until{};        ///< answers to requests started before this belong to the episode already punished
  std::uint32_t newest = 0;        ///< ring position of the group being filled
  std::array<Group, kMaxGroups> groups{};
};

/// A state nobody has used: waits one window from `now` when `unknown_past` (unreadable file, other boot).
GateState fresh(Rate rate, std::string_view boot_id, Boottime now, bool unknown_past);

/// A slot given out, to be handed back to settle().
struct Slot {
  std::uint32_t group = 0;
  Boottime start{};
};

/// What take() says: slots now, or wait until then and ask again.
struct Take {
  std::uint32_t slots = 0;     ///< 0: none now
  Slot slot;                   ///< shared by the slots given together
  Boottime wait_until{};       ///< when slots == 0: the earliest time it can be otherwise, as far as known
  bool waits_for_anchor = false;  ///< it hangs on an answer (or a dead process's): ask again when one settles
};

/// Takes up to `wanted` slots: one, or, where the gap is below 1 ms, as many as fall due within 1 ms. No catching up
/// after lateness.
Take take(GateState& state, Boottime now, std::uint32_t wanted, std::uint32_t participant);

/// When the `ahead`-th slot from now (1: the next) would be due at the earliest, by the gap and closed_until alone.
Boottime due(const GateState& state, Boottime now, std::uint32_t ahead);

/// A slot's anchor is known: answer received, or written + 250 ms, or cut + 250 ms. `anchor` may lie ahead of now.
void settle(GateState& state, Slot slot, Boottime anchor);

/// A participant's process died; noticed at `now`: its open slots are anchored at now + 250 ms.
void bury(GateState& state, std::uint32_t participant, Boottime now);

/// Throttled: closes until `now` + pause; widens by 10 % (at most ×4) unless `started` (of the refused request) belongs
/// to an episode already punished.
void throttled(GateState& state, Boottime started, Boottime now, Nanos pause);

/// Takes 1 % off the widening for each 10 clean seconds; call it with each clean answer.
void recover(GateState& state, Boottime now);

inline constexpr Nanos kUnknownArrival = std::chrono::milliseconds(250);  ///< upstream.md, window rule (guess)

/// The file's bytes, with a version and a checksum; and back. nullopt: not a sound state of this version.
inline constexpr std::size_t kGateBytes = 8192;
std::string to_bytes(const GateState& state);
std::optional<GateState> from_bytes(std::string_view bytes);

}  // namespace sluice::pacing
