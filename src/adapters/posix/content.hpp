#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

#include "posix/fd.hpp"

namespace sluice::adapters::posix {

// The bytes of open files.

/// As many bytes as there are; fewer only at the end. Or errno.
std::expected<std::size_t, int> read_fully(const Fd& fd, char* into, std::size_t size, std::uint64_t offset);

/// All of it, however many writes that takes. 0 or errno; what was written is taken off the front of `bytes`.
int write_all(const Fd& to, std::string_view& bytes);

/// All bytes of one open file into another, empty one: shared blocks where the file system can (FICLONE), inside the
/// kernel where it can't, by hand at last; holes stay holes. 0 or errno.
int copy_bytes(const Fd& from, const Fd& to);

}  // namespace sluice::adapters::posix
