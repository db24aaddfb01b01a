#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "sluice/base/time.hpp"
#include "sluice/config/settings.hpp"
#include "sluice/ports/spool.hpp"
#include "spool/folders.hpp"
#include "spool/hints.hpp"

namespace sluice::adapters::spool {

/// What the scans remember of the files that wait in the inbox, and how long each has still to wait. Pure: instants
/// come in. Holds what the last scan listed and nothing else.
class Arrivals {
 public:
  struct Instant {
    Boottime now;
    WallTime wall;
  };
  /// A scan begins, with what was heard since the last one.
  void begin(Instant instant, HintsByName hints);
  /// It has ended: who wasn't looked at is forgotten.
  void end();

  /// A look at a file. A change of its identity restarts its wait.
  void look(const std::string& name, const ports::FileIdentity& identity);

  /// Time left until it has rested long enough: `settle`, an empty one 60 s, one that was renamed in not at all. What
  /// lay there before the first look counts, by its ctime: the kernel sets that, unlike mtime.
  Nanos until_rested(const std::string& name, Nanos settle) const;
  /// Time left until two looks that agree are far enough apart (10 s or `settle`, the longer), where there is no lease.
  Nanos until_agreed(const std::string& name, Nanos settle) const;

 private:
  struct Waiting {
    ports::FileIdentity identity;
    Boottime first_look;
    Boottime at_rest_since;
    bool renamed_in = false;
  };
  std::unordered_map<std::string, Waiting> before_;
  std::unordered_map<std::string, Waiting> now_;
  HintsByName hints_;
  Instant instant_{};
};

struct Scan {
  ports::InboxScan inbox;
  std::vector<std::string> left_alone;  ///< names that say of themselves that they are no orders
  std::optional<Nanos> next_look;       ///< from now: when the first of those that only wait for time may be ready
};

/// Lists the inbox and judges each file. What can't be judged waits, with words; only a lack that concerns every file
/// (the folder itself, no handles) fails the scan.
Result<Scan> scan_inbox(const Folders& folders, const config::Settings::Inbox& settings, Hints& hints,
                        Arrivals& arrivals, Arrivals::Instant instant);

}  // namespace sluice::adapters::spool
