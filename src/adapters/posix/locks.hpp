#pragma once

#include <sys/types.h>

#include <optional>
#include <string_view>

#include "posix/fd.hpp"

namespace sluice::adapters::posix {

// What the kernel tells of others who use a file: fcntl(2), and statfs(2) of whether they can be seen at all.

/// Exclusive open-file-description locks on a range of bytes (fcntl(2)): they belong to the open file, so two openings
/// in one process exclude each other like two processes do, and the kernel drops them when the last descriptor goes.
struct Range {
  off_t start;
  off_t length;
};

/// Takes it if it is free this moment. False, with errno EAGAIN or EACCES: somebody else has it.
bool try_lock(int fd, Range range);
/// The same for a lock that others may hold beside us, and that excludes those of try_lock().
bool try_share(int fd, Range range);
void unlock(int fd, Range range);
/// Whether an opening other than this one holds any of it. Errors count as held: nobody is declared dead on a guess.
bool locked_elsewhere(int fd, Range range);
/// A process that holds a lock on the file; nullopt: none that we may look into (proc(5), fdinfo).
std::optional<pid_t> holder_of_lock(int fd);

enum class Lease : std::uint8_t {
  held,        ///< nobody has it open for writing, and whoever tries now breaks the lease
  refused,     ///< somebody has it open for writing
  unavailable  ///< not our file and no CAP_LEASE, or the file system has none
};

/// Asks the kernel for a read lease (fcntl(2), F_SETLEASE). It ends with the descriptor. A break is announced by a
/// signal that is ignored by default, so that a writer can't kill us with SIGIO.
Lease take_lease(const Fd& file);

/// Whether nobody has tried to write since: a lease being broken reads as what it is broken to.
bool lease_holds(const Fd& file);

/// The name of a filesystem type that other machines may reach too, where neither locks nor CLOCK_BOOTTIME can be
/// shared; nullopt: local. `type` is statfs::f_type (statfs(2)). FUSE counts as one: what is behind it is
/// unknown.
std::optional<std::string_view> network_filesystem(long type);

/// The same of an open file; nullopt also where the kernel doesn't say.
std::optional<std::string_view> network_filesystem_of(int fd);

}  // namespace sluice::adapters::posix
