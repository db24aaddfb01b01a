#include "web/account.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "sluice/control/peer.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::control::web {

namespace {

constexpr std::size_t kEntryRoom = 1 << 16;  // a group with thousands of members
constexpr int kMostGroups = 65'536;          // NGROUPS_MAX

/// Of the group database, which lists names whether or not they have an account.
std::vector<gid_t> groups_of(const std::string& name, gid_t own) {
  std::vector<gid_t> groups(64);
  int count = static_cast<int>(groups.size());
  while (::getgrouplist(name.c_str(), own, groups.data(), &count) < 0 && count <= kMostGroups)
    groups.resize(static_cast<std::size_t>(count));
  groups.resize(static_cast<std::size_t>(std::clamp<int>(count, 0, static_cast<int>(groups.size()))));
  return groups;
}

std::optional<gid_t> group_named(const std::string& name) {
  std::string room(kEntryRoom, '\0');
  group entry{};
  group* found = nullptr;
  const bool read = ::getgrnam_r(name.c_str(), &entry, room.data(), room.size(), &found) == 0;
  return read && found != nullptr ? std::optional(found->gr_gid) : std::nullopt;
}

bool is_in(const Account& account, gid_t group) {
  return std::ranges::find(account.groups, group) != account.groups.end();
}

/// What the kernel knows of a process at the other end, of which the machine's tables may know nothing.
std::vector<gid_t> groups_at(int socket, gid_t own) {
  std::vector<gid_t> groups(1024);
  auto size = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) != 0) size = 0;
  groups.resize(size / sizeof(gid_t));
  groups.push_back(own);
  return groups;
}

}  // namespace

Account account_at(int socket) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return {};
  return {.name = user_name(credentials.uid), .user = credentials.uid, .groups = groups_at(socket, credentials.gid)};
}

Account account_named(const std::string& name) {
  std::array<char, 4096> room{};
  passwd entry{};
  passwd* found = nullptr;
  const bool read = ::getpwnam_r(name.c_str(), &entry, room.data(), room.size(), &found) == 0;
  if (read && found != nullptr)
    return {.name = text::shown(name), .user = found->pw_uid, .groups = groups_of(name, found->pw_gid)};
  // The group that getgrouplist(3) is told as somebody's own is part of its answer: here it is nobody's.
  constexpr auto kNone = static_cast<gid_t>(-1);
  auto groups = groups_of(name, kNone);
  std::erase(groups, kNone);
  return {.name = text::shown(name), .user = {}, .groups = std::move(groups)};
}

Account as_of_now(const Account& account) {
  if (!account.user) return account_named(account.name);
  std::array<char, 4096> room{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(*account.user, &entry, room.data(), room.size(), &found) != 0 || found == nullptr) return account;
  return {.name = account.name, .user = account.user, .groups = groups_of(found->pw_name, found->pw_gid)};
}

Rights rights_of(const Account& account, const std::string& inbox, const std::string& operators) {
  const bool own = account.user && (*account.user == 0 || *account.user == ::geteuid());
  const auto group = group_named(operators);
  const bool act = own || (group && is_in(account, *group));
  struct stat folder{};
  const bool drop = act || (::stat(inbox.c_str(), &folder) == 0 && is_in(account, folder.st_gid));
  return {.look = drop, .drop = drop, .act = act};
}

}  // namespace sluice::control::web
