#include "posix/locks.hpp"

#include <fcntl.h>

#include <csignal>

namespace sluice::adapters::posix {

namespace {

struct flock request(short type, Range range) {
  struct flock lock{};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = range.start;
  lock.l_len = range.length;
  return lock;
}

}  // namespace

bool try_lock(int fd, Range range) {
  struct flock lock = request(F_WRLCK, range);
  return fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

void unlock(int fd, Range range) {
  struct flock lock = request(F_UNLCK, range);
  fcntl(fd, F_OFD_SETLK, &lock);
}

bool locked_elsewhere(int fd, Range range) {
  struct flock lock = request(F_WRLCK, range);
  return fcntl(fd, F_OFD_GETLK, &lock) != 0 || lock.l_type != F_UNLCK;
}

Lease take_lease(const Fd& file) {
  if (::fcntl(file.get(), F_SETSIG, SIGURG) == -1) return Lease::unavailable;
  const int error = errno_of([&] { return ::fcntl(file.get(), F_SETLEASE, F_RDLCK); });
  if (error == 0) return Lease::held;
  return error == EAGAIN ? Lease::refused : Lease::unavailable;
}

bool lease_holds(const Fd& file) {
  return ::fcntl(file.get(), F_GETLEASE) == F_RDLCK;
}

}  // namespace sluice::adapters::posix
