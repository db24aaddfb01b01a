#pragma once

#include <sys/types.h>

#include <string>

#include "sluice/base/error.hpp"

namespace sluice::app {

/// Whose the spool is; where that can't be seen, whose the socket's folder is: besides root the only one who is
/// believed on the socket.
uid_t owner_of(const std::string& spool, const std::string& socket);

/// Whether this user is kept out of state/, which is private.
bool may_not_enter_state(const std::string& spool);

/// As root: goes on as the spool's owner, so that nothing is left in state/ that the service can't use afterwards.
/// Keeps CAP_LEASE, by which the kernel is asked who still writes a file (fcntl(2), F_SETLEASE). Does nothing for
/// anybody else, and where the spool is root's or not there. Kind config: it can't be done, and why.
Result<void> become_owner(const std::string& spool);

}  // namespace sluice::app
