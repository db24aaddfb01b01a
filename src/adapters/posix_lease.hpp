#pragma once

#include "posix_fd.hpp"

namespace sluice::adapters {

enum class Lease : std::uint8_t {
  held,        ///< nobody has it open for writing, and whoever tries now breaks the lease
  refused,     ///< somebody has it open for writing
  unavailable  ///< not our file and no CAP_LEASE, or the file system has none
};

/// Asks the kernel for a read lease (fcntl(2), F_SETLEASE). It ends with the descriptor. Its breaking is told with a
/// signal that is ignored by default, so that a writer can't kill us with SIGIO.
Lease take_lease(const Fd& file);

/// Whether nobody has tried to write since: a lease being broken reads as what it is broken to.
bool lease_holds(const Fd& file);

}  // namespace sluice::adapters
