#pragma once

#include <string_view>

#include "posix_fd.hpp"

namespace sluice::adapters {

/// All bytes of one open file into another, empty one: shared blocks where the file system can (FICLONE), inside the
/// kernel where it can't, by hand at last. 0 or errno.
int copy_bytes(const Fd& from, const Fd& to);

/// All of it, however many writes that takes. 0 or errno; what was written is taken off the front of `bytes`.
int write_all(const Fd& to, std::string_view& bytes);

}  // namespace sluice::adapters
