#pragma once

#include "posix/fd.hpp"

namespace sluice::adapters::posix {

/// Who else can put a name into the folder something is moved to.
enum class Target : std::uint8_t {
  shared,    ///< people drop and move files there
  private_,  ///< state/: ours alone, while we hold the lock
  anothers   ///< shared, and the file is another user's: the kernel may refuse us a link (fs.protected_hardlinks)
};

/// Renames without replacing anything: 0 or errno (EEXIST: the name is taken). Where the file system has no
/// RENAME_NOREPLACE (EINVAL: NFS, some FUSE), link(2) and unlink(2) do it; or into state/, which nobody else writes,
/// and where a link is refused, a look and a plain rename.
int move_without_replacing(const Fd& from, const char* name, const Fd& to, const char* new_name, Target target);

/// fsync of a file or folder: 0 or errno. A folder that can't be synced (EINVAL, on some shares) has no such need.
int sync(const Fd& file_or_folder);

}  // namespace sluice::adapters::posix
