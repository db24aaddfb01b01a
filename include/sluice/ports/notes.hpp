#pragma once

#include <cstdint>
#include <string>

#include "sluice/base/ids.hpp"

namespace sluice::ports {

/// Facts that the ledger keeps beside jobs and batches.
enum class Note : std::uint8_t {
  paused,      ///< by whom and when, in words; empty: by nobody
  tried,       ///< when the disk was last tried in vain
  recovering,  ///< `recover` has begun a new ledger and not yet filled it; empty: it has
};
/// Of one job.
enum class JobNote : std::uint8_t {
  resolved,  ///< what became of its orders in doubt, by whom and when, in words
  decided,   ///< the last hold, release or cancel: by whom and when, in words
};

/// The name under which PutNote keeps it. On disk: never rename.
std::string note_key(Note note);
std::string note_key(JobNote note, JobId job);

}  // namespace sluice::ports
