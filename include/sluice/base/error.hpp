#pragma once

#include <expected>
#include <string>

namespace sluice {

/// What a caller may do about it is decided by the kind; what a person reads is in the words.
enum class ErrorKind {
  usage,        ///< the command line (exit 64)
  config,       ///< settings (exit 78)
  bad_input,    ///< a file that somebody dropped, or an answer that makes no sense
  io,           ///< a disk or folder that fails in a way that is not one of the next four
  no_space,     ///< ENOSPC, EDQUOT, no inodes: goes away by itself when room is made
  no_handles,   ///< EMFILE, ENFILE
  permission,   ///< EACCES, EPERM, EROFS
  missing,      ///< ENOENT: somebody moved or removed it
  exists,       ///< a name that would have been overwritten
  changed,      ///< a file that is not the one that was surveyed
  corrupt,      ///< the ledger or the gate's file fails its check
  busy,         ///< another process holds it (exit 75)
  network,      ///< DNS, connect, reset
  certificate,  ///< the peer's certificate does not verify
  cancelled,    ///< we are stopping
  elsewhere,    ///< a job of another host holds a key of it: not now
  stale,        ///< another host changed what this one goes by: read it again, then ask again
  fenced,       ///< another host has taken over: nothing may be sent any more (exit 75)
};

/// A failure that a file, a peer, a disk or an operator caused. `words` say what, where and what to do; never the
/// credential. Our own bugs are CHECKs, not Errors.
struct Error {
  ErrorKind kind;
  std::string words;
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorKind kind, std::string words) {
  return std::unexpected(Error{kind, std::move(words)});
}

}  // namespace sluice
