#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace sluice::control::web {

/// Who somebody is on this machine: told by the kernel at the other end of a socket, or by a trusted proxy.
struct Account {
  std::string name;           ///< as shown to people
  std::optional<uid_t> user;  ///< none: the machine knows no user of this name
  std::vector<gid_t> groups;  ///< at the time of the look
};

/// At the other end of a Unix socket: unix(7), SO_PEERCRED and SO_PEERGROUPS.
Account account_at(int socket);
/// A user of this name. One that has no account is in the groups that list the name (group(5)).
Account account_named(const std::string& name);
/// The same account as it is now: groups that somebody was taken out of count no more. A user that the machine does
/// not know keeps those it came with.
Account as_of_now(const Account& account);

struct Rights {
  bool look = false;
  bool drop = false;  ///< put files into the inbox
  bool act = false;   ///< hold, release, cancel, resolve, pause, resume
};
/// `inbox`: the folder, whose group may drop; `operators`: the group that may act. Root and this process's own user may
/// all; who may neither drop nor act may not look either.
Rights rights_of(const Account& account, const std::string& inbox, const std::string& operators);

}  // namespace sluice::control::web
