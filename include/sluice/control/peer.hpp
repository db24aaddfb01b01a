#pragma once

#include <sys/types.h>

#include <string>

namespace sluice::control {

/// Who is at the other end of a Unix socket: unix(7), SO_PEERCRED. For a client that is who listens.
struct Peer {
  uid_t user = static_cast<uid_t>(-1);  ///< as it is: the kernel would not say
  /// Root, or this process's own user.
  bool is_trusted() const;
};
Peer peer_of(int socket);

/// A user's name, or "user 1234" where the machine knows none.
std::string user_name(uid_t user);

}  // namespace sluice::control
