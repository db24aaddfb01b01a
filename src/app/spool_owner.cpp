#include "spool_owner.hpp"

#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>

#include "sluice/text/system_words.hpp"
#include "sluice/text/words/state.hpp"

namespace sluice::app {

namespace {

/// Of all that root may only what the unit gives, too (systemd/sluice.service). Best effort: without it a file's rest
/// is judged by time alone.
void keep_only_leases() {
  constexpr std::uint32_t kLease = 1U << CAP_LEASE;
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, 2> data{};
  data[0] = {.effective = kLease, .permitted = kLease, .inheritable = 0};
  ::syscall(SYS_capset, &header, data.data());
}

int take_ids(uid_t user, gid_t group) {
  std::array<char, 4096> room{};
  passwd entry{};
  passwd* found = nullptr;
  const bool named = ::getpwuid_r(user, &entry, room.data(), room.size(), &found) == 0 && found != nullptr;
  if ((named ? ::initgroups(entry.pw_name, entry.pw_gid) : ::setgroups(0, nullptr)) != 0) return errno;
  if (::setgid(named ? entry.pw_gid : group) != 0) return errno;
  ::prctl(PR_SET_KEEPCAPS, 1);
  if (::setuid(user) != 0) return errno;
  keep_only_leases();
  return 0;
}

}  // namespace

uid_t owner_of(const std::string& spool, const std::string& socket) {
  struct stat about{};
  if (::stat(spool.c_str(), &about) == 0) return about.st_uid;
  const auto folder = std::filesystem::path(socket).parent_path();
  return ::stat(folder.c_str(), &about) == 0 ? about.st_uid : 0;
}

bool may_not_enter_state(const std::string& spool) {
  return ::access((spool + "/state").c_str(), X_OK) != 0 && errno == EACCES;
}

Result<void> become_owner(const std::string& spool) {
  struct stat about{};
  if (::geteuid() != 0 || ::stat(spool.c_str(), &about) != 0 || about.st_uid == 0) return {};
  const int error = take_ids(about.st_uid, about.st_gid);
  if (error == 0) return {};
  return fail(ErrorKind::config, text::words::not_that_user(spool, about.st_uid, text::system_words(error)));
}

}  // namespace sluice::app
