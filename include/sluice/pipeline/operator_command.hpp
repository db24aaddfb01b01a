#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sluice/base/error.hpp"
#include "sluice/ports/ledger.hpp"

// What operators decide, on a ledger: the same with a process running and without. Nothing here is sent or committed.

namespace sluice::pipeline {

enum class Command : std::uint8_t { hold, release, cancel };

/// Who decides, and when: kept with what was decided, and shown.
struct Decider {
  std::string user;
  WallTime at{};
};

/// "by alice at 2024-01-15T12:00:00.000Z": what the ledger notes of it.
std::string note_of(const Decider& who);

/// What a decision changes, for one commit, and the words for whoever made it.
struct Decision {
  std::vector<ports::Change> changes;
  std::string words;
};

/// What a command does to a job's header; the words say what was done. Kind `usage`: it can't be done to a job in this
/// state, and why.
Result<std::string> change_header(Command what, ports::JobHeader& header, const std::string& base_url,
                                  const Decider& who);
/// Keeps who did it.
ports::PutNote decided_note(Command what, JobId job, const Decider& who);

/// What a person who looked a job's orders in doubt up says of them.
struct Resolution {
  JobId job;
  ports::LookedUp all = ports::LookedUp::not_yet;    ///< of every order
  std::map<std::uint64_t, ports::LookedUp> by_hash;  ///< by Doubt::order_hash, where `all` says nothing
  bool force = false;                                ///< also of those of which the contrary was said before
};
/// Kinds: `missing` (no such job); `usage`: there is nothing to resolve, an order is not in doubt there, or the
/// contrary was said before.
ports::Task<Result<Decision>> resolve(ports::Ledger& ledger, Resolution resolution, Decider who);

/// `paused_before`: what the ledger notes under Note::paused.
Decision pause(const std::string& paused_before, const Decider& who);
/// `was`: what else had paused the line, in words.
Decision resume(const std::string& paused_before, const std::string& was);
/// Why the line stands still, out of what the ledger notes.
std::string paused_words(const std::string& note);

/// How far people have looked a job's orders in doubt up.
enum class LookedUpPart : std::uint8_t {
  none_or_some,
  all,        ///< some were applied and some not
  all_alike,  ///< all were applied, or none
};
/// Out of what the ledger notes of the job, under JobNote::looked_up and JobNote::resolved. Earlier versions noted the
/// words alone; those are then what tells.
LookedUpPart looked_up_part(const std::string& looked_up, const std::string& resolved);
ports::Task<Result<LookedUpPart>> looked_up_part(ports::Ledger& ledger, JobId job);

/// For `show`: what became of a job's orders in doubt (`note`: under JobNote::resolved), or what to do about them.
/// Empty: it has none, or is not finished.
std::string doubts_words(const ports::JobHeader& header, const std::string& note, WallTime now);

}  // namespace sluice::pipeline
