#pragma once

#include <cstdint>
#include <string>

#include "sluice/base/error.hpp"

namespace sluice::adapters::spool {

/// The right to work a spool: an open-file-description lock on state/lock, held for the object's life. Dies with the
/// process, however it dies (fcntl(2), F_OFD_SETLK); the file stays, and holds the holder's pid for people.
/// Hosts that share a spool have one each, state/lock.HOST, and hold state/lock together against whoever would work it
/// alone. `host`: this one's name there; empty: it works the spool alone.
class Lock {
 public:
  /// Makes what is missing of the folders first. Kind `busy`: another process works this spool (exit 75); `no_space`:
  /// the disk is full; anything else is kind `config` (exit 78).
  static Result<Lock> take(const std::string& spool, const std::string& host = {});
  /// Whether another process works this spool now (under that name). Makes and takes nothing; false where that can't be
  /// known.
  static bool held_elsewhere(const std::string& spool, const std::string& host = {});

  /// What another host's lock looks like from here.
  enum class Sight : std::uint8_t {
    held,         ///< it works this very folder
    free,         ///< it died just now, or its locks don't reach us
    missing,      ///< it works another folder
    other_number  ///< here the file bears another number than there: files can't be told from one another
  };
  static Sight look_at(const std::string& spool, const std::string& host);
  Lock(Lock&& other) noexcept;
  Lock& operator=(Lock&& other) noexcept;
  ~Lock();

 private:
  Lock(int own, int together) : fd_(own), together_(together) {}
  int fd_ = -1;
  int together_ = -1;  ///< on a shared spool
};

}  // namespace sluice::adapters::spool
