#pragma once

#include <string>

#include "sluice/base/error.hpp"

namespace sluice::adapters::spool {

/// The right to work a spool: an open-file-description lock on state/lock, held for the object's life. Dies with the
/// process, however it dies (fcntl(2), F_OFD_SETLK); the file stays, and holds the holder's pid for people.
class Lock {
 public:
  /// Makes what is missing of the folders first. Kind `busy`: another process works this spool (exit 75); `no_space`:
  /// the disk is full; anything else is kind `config` (exit 78).
  static Result<Lock> take(const std::string& spool);
  /// Whether another process works this spool now. Makes and takes nothing; false where that can't be known.
  static bool held_elsewhere(const std::string& spool);
  Lock(Lock&& other) noexcept;
  Lock& operator=(Lock&& other) noexcept;
  ~Lock();

 private:
  explicit Lock(int fd) : fd_(fd) {}
  int fd_ = -1;
};

}  // namespace sluice::adapters::spool
