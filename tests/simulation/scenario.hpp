#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mistake.hpp"
#include "sluice/base/time.hpp"
#include "sluice/config/settings.hpp"
#include "sluice/orders/service.hpp"
#include "weather.hpp"

namespace sluice::simulation {

/// What the API thinks of an order, decided by its key, whatever else happens.
struct ApiFate {
  int status = 1;       ///< 1: it takes it, unless it overlaps; 6: overlaps with something we never sent
  bool poison = false;  ///< any request carrying it ends in a 500, nothing applied
};

/// A row of a file, as it was meant.
struct RowPlan {
  std::string key;         ///< uid or orderId
  std::string wire;        ///< what must arrive: see wire_form()
  bool invalid = false;    ///< must fail a local check
  bool duplicate = false;  ///< the same order as an earlier valid row
};

struct FilePlan {
  std::string name;
  std::string content;
  orders::ServiceId service = orders::ServiceId::create;
  std::vector<RowPlan> rows;
  std::size_t spool = 0;  ///< where it is dropped, if there are several
  Nanos dropped_at{0};
  Nanos written_for{0};     ///< in place, this long; 0: renamed in, whole
  Nanos vanishes_after{0};  ///< taken out of the inbox again, and dropped anew later; 0: no
  bool hard_linked = false;
  bool broken = false;  ///< must be rejected whole
};

enum class Disaster : std::uint8_t { process_kill, power_loss };

/// One crash: at this step of a process' life, or at the time if that comes first.
struct CrashPlan {
  Disaster disaster = Disaster::process_kill;
  std::uint64_t at_step = 0;
  Nanos restart_after{0};
};

enum class Deed : std::uint8_t {
  hold,
  release,
  cancel,
  resolve_applied,
  resolve_not_applied,  // of a job
  pause,
  resume,
  reload,
  stop,  // of the line
  rotate_credential,
  mend_credential,
  wall_jump,  // of people and machines around it
  disk_full,
  disk_room,
  outage_begins,
  outage_ends,
  closure_begins,
  closure_ends,
  certificate_expires,
  certificate_renewed,
  turn_to_hold,   // of the settings: retry.in_doubt
  change_unseen,  // of a claimed file: a digit, through a mapping; back when the weather clears
};

struct DeedPlan {
  Deed deed = Deed::reload;
  Nanos at{0};
  std::size_t file = 0;  ///< whose job
  Millis jump{0};
};

/// What befalls one of several hosts.
enum class Mishap : std::uint8_t {
  kill,
  stall,    ///< it stands still: its requests and commits are in the air
  cut_off,  ///< it can't reach the ledger
};
struct MishapPlan {
  Mishap mishap = Mishap::kill;
  std::size_t host = 0;
  std::uint64_t after_steps = 0;  ///< of its process, since its start or its mishap before this one
  Nanos lasts{0};                 ///< kill: until it starts again
};

/// Everything that will happen in a world, but for what chance decides underway.
struct Scenario {
  std::uint64_t seed = 0;
  config::Settings settings;
  std::vector<FilePlan> files;
  std::vector<std::pair<std::string, ApiFate>> fates;  ///< by key; others: accepted
  Weather storm;
  Nanos clears_at{0};              ///< from then on: fair weather, good credential, holds released, no crashes
  std::vector<CrashPlan> crashes;  ///< one a process, in order
  std::vector<DeedPlan> deeds;
  std::size_t hosts = 1;            ///< engines on one ledger; above 1: hosts_world.hpp
  bool shared_spool = false;        ///< of several hosts
  bool clocks_disagree = false;     ///< the wall clock of one of several hosts is a day off
  std::vector<MishapPlan> mishaps;  ///< of several hosts, each host's in order
  bool overlap_guard = true;
  Nanos repeat_window{0};                 ///< identical bodies within it get the repeat answer; 0: no such guard
  std::size_t api_max_orders = 1000;      ///< more in a body: 413
  bool unauthorized_in_envelope = false;  ///< 401 comes in the body of a 200
  bool second_participant = false;        ///< another process of the account paces through the same gate
  bool proxied = false;                   ///< what acknowledges a request is not what counts it
  bool no_can_be_untrue = false;          ///< after a no, too, an order may turn out to be placed
  bool lingers = false;                   ///< goes on until the weather clears although all is accounted for
  bool drains = false;                    ///< `sluice drain` from cron instead of the daemon
  bool turned_to_hold = false;            ///< underway; it may have begun with another setting
  Mistake mistake = Mistake::none;        ///< planted
  WallTime starts{};
};

/// An order on the wire as one string, for comparing: the service's known fields in a fixed order, absent ones empty.
/// Kept apart from the code under test: orders::body must come to the same.
std::span<const std::string_view> wire_fields(orders::ServiceId service);

/// The world of a seed.
Scenario plan(std::uint64_t seed);

}  // namespace sluice::simulation
