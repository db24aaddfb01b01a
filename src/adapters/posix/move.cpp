#include "posix/move.hpp"

#include <cstdio>

namespace sluice::adapters::posix {
namespace {

int link_and_unlink(const Fd& from, const char* name, const Fd& to, const char* new_name) {
  const int error = errno_of([&] { return ::linkat(from.get(), name, to.get(), new_name, 0); });
  if (error == EEXIST) {
    // A crash between link and unlink left both names: the second half is all that's missing.
    struct stat ours{};
    struct stat theirs{};
    const bool both = ::fstatat(from.get(), name, &ours, AT_SYMLINK_NOFOLLOW) == 0 &&
                      ::fstatat(to.get(), new_name, &theirs, AT_SYMLINK_NOFOLLOW) == 0;
    if (!both || ours.st_dev != theirs.st_dev || ours.st_ino != theirs.st_ino) return EEXIST;
  } else if (error != 0) {
    return error;
  }
  return errno_of([&] { return ::unlinkat(from.get(), name, 0); });
}

int look_and_rename(const Fd& from, const char* name, const Fd& to, const char* new_name) {
  struct stat there{};
  if (::fstatat(to.get(), new_name, &there, AT_SYMLINK_NOFOLLOW) == 0) return EEXIST;
  if (errno != ENOENT) return errno;
  return errno_of([&] { return ::renameat(from.get(), name, to.get(), new_name); });
}

}  // namespace

int move_without_replacing(const Fd& from, const char* name, const Fd& to, const char* new_name, Target target) {
  const int error = errno_of([&] { return ::renameat2(from.get(), name, to.get(), new_name, RENAME_NOREPLACE); });
  if (error != EINVAL && error != ENOSYS) return error;
  if (target == Target::private_) return look_and_rename(from, name, to, new_name);
  const int linked = link_and_unlink(from, name, to, new_name);
  return linked == EPERM && target == Target::anothers ? look_and_rename(from, name, to, new_name) : linked;
}

int sync(const Fd& file_or_folder) {
  const int error = errno_of([&] { return ::fsync(file_or_folder.get()); });
  return error == EINVAL ? 0 : error;
}

}  // namespace sluice::adapters::posix
