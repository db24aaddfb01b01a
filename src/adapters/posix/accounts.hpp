#pragma once

#include <sys/types.h>

#include <string>

namespace sluice::adapters::posix {

/// A user or group as people call it; the number where it has no name.
std::string user_name(uid_t user);
std::string group_name(gid_t group);

}  // namespace sluice::adapters::posix
