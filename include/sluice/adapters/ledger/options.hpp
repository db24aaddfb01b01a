#pragma once

#include <cstdint>
#include <string>

namespace sluice::adapters::ledger {

/// How a ledger is opened.
struct Options {
  /// For looking without the daemon's lock (`status`): sees everything committed, the WAL included; every commit is
  /// refused with kind `permission`. A missing ledger is kind `missing`.
  bool read_only = false;
  std::string vfs;              ///< a registered SQLite VFS; empty: the system's
  std::uint32_t max_pages = 0;  ///< the ledger may not grow above so many pages of 4 KiB (kind no_space); 0: no cap
};

}  // namespace sluice::adapters::ledger
