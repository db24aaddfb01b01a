#pragma once

#include <optional>
#include <vector>

#include "posix_arrivals.hpp"
#include "posix_folders.hpp"
#include "sluice/adapters/posix_spool.hpp"

namespace sluice::adapters {

struct Scan {
  std::vector<ports::InboxEntry> entries;
  std::optional<Nanos> next_look;  ///< from now: when the first of those that only wait for time may be ready
};

/// Lists the inbox and judges each file. What can't be judged waits, with words; only a lack that concerns every file
/// (the folder itself, no handles) fails the scan.
Result<Scan> scan_inbox(const Folders& folders, const InboxSettings& settings, Hints& hints, Arrivals& arrivals,
                        Arrivals::Instant instant);

/// A regular file of the inbox, opened for reading.
struct OpenedFile {
  Fd fd;
  ports::FileIdentity identity;
  bool linked = false;  ///< it has other names too
};

/// Kind `changed`: the name leads to something else than a regular file now.
Result<OpenedFile> open_regular(const Folders& folders, Folder folder, const Fd& fd, const std::string& name);

}  // namespace sluice::adapters
