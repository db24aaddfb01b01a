#include "range_lock.hpp"

#include <fcntl.h>

namespace sluice::adapters {

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

}  // namespace sluice::adapters
