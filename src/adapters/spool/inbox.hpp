#pragma once

#include <optional>
#include <vector>

#include "sluice/config/settings.hpp"
#include "spool/arrivals.hpp"
#include "spool/folders.hpp"

namespace sluice::adapters::spool {

struct Scan {
  std::vector<ports::InboxEntry> entries;
  std::optional<Nanos> next_look;  ///< from now: when the first of those that only wait for time may be ready
};

/// Lists the inbox and judges each file. What can't be judged waits, with words; only a lack that concerns every file
/// (the folder itself, no handles) fails the scan.
Result<Scan> scan_inbox(const Folders& folders, const config::Settings::Inbox& settings, Hints& hints,
                        Arrivals& arrivals, Arrivals::Instant instant);

}  // namespace sluice::adapters::spool
