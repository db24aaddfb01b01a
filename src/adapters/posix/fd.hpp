#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "sluice/ports/spool.hpp"

namespace sluice::adapters::posix {

/// Owns a descriptor; -1: none.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

/// Calls again while a signal cuts in.
template <class Call>
auto uninterrupted(Call call) {
  auto result = call();
  while (result == -1 && errno == EINTR) result = call();
  return result;
}

/// 0, or the errno of a call that says -1.
template <class Call>
int errno_of(Call call) {
  return uninterrupted(call) == -1 ? errno : 0;
}

/// Never follows a link, never hangs on a FIFO, never becomes a terminal. Empty, with errno, on failure.
inline Fd open_at(const Fd& folder, const char* name, int flags, mode_t mode = 0) {
  return Fd(uninterrupted(
      [&] { return ::openat(folder.get(), name, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, mode); }));
}

inline std::int64_t nanos(const timespec& t) {
  return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

inline ports::FileIdentity identity_of(const struct stat& s) {
  return {.device = s.st_dev,
          .inode = s.st_ino,
          .size = static_cast<std::uint64_t>(s.st_size),
          .mtime_ns = nanos(s.st_mtim),
          .ctime_ns = nanos(s.st_ctim)};
}

/// The same bytes in the same file, as far as a rename (which moves ctime) lets one tell.
inline bool same_but_for_ctime(ports::FileIdentity a, const ports::FileIdentity& b) {
  a.ctime_ns = b.ctime_ns;
  return a == b;
}

}  // namespace sluice::adapters::posix
