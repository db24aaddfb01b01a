#include "posix/accounts.hpp"

#include <grp.h>
#include <pwd.h>

#include <array>

namespace sluice::adapters::posix {

std::string user_name(uid_t user) {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 4096> room{};
  const bool known = ::getpwuid_r(user, &entry, room.data(), room.size(), &found) == 0 && found != nullptr;
  return known ? entry.pw_name : std::to_string(user);
}

std::string group_name(gid_t group) {
  struct group entry{};
  struct group* found = nullptr;
  std::array<char, 16384> room{};
  const bool known = ::getgrgid_r(group, &entry, room.data(), room.size(), &found) == 0 && found != nullptr;
  return known ? entry.gr_name : std::to_string(group);
}

}  // namespace sluice::adapters::posix
