#include "spool/barred.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "posix/accounts.hpp"
#include "sluice/text/words/spool.hpp"
#include "spool/folders.hpp"

namespace sluice::adapters::spool {
namespace {

/// Whoever holds another name could go on writing what was checked already, so such a file is copied or left. A copy is
/// made before the file is looked at: hence the limit (a sparse file of 500 GB would fill the disk at each try).
std::string barred_by_links(const struct stat& file, const config::Settings::Inbox& settings) {
  if (file.st_nlink <= 1) return {};
  if (settings.hard_links == config::HardLinks::leave) {
    return text::words::has_other_names();
  }
  if (static_cast<std::uint64_t>(file.st_size) <= settings.max_bytes) return {};
  return text::words::too_large_to_copy(text::size_words(settings.max_bytes));
}

/// unlink(2) and rename(2): in a folder with the sticky bit a file is moved by its owner or the folder's alone.
std::string barred_by_sticky_bit(const struct stat& inbox, const struct stat& file, const Looker& looker) {
  const bool ours = file.st_uid == looker.user || inbox.st_uid == looker.user || looker.overrides_rights;
  if ((inbox.st_mode & S_ISVTX) == 0 || ours) return {};
  return text::words::sticky_bit(posix::user_name(file.st_uid));
}

}  // namespace

Looker looker() {
  return {.user = ::geteuid(), .overrides_rights = ::geteuid() == 0};
}

std::string barred(const struct stat& inbox, const struct stat& file, const config::Settings::Inbox& settings,
                   const Looker& looker) {
  if (!S_ISREG(file.st_mode)) return not_a_file(file.st_mode);
  if (auto words = barred_by_links(file, settings); !words.empty()) return words;
  return barred_by_sticky_bit(inbox, file, looker);
}

std::string unreadable(const struct stat& inbox, const struct stat& file) {
  const bool groups_may = (file.st_mode & S_IRGRP) != 0;
  if (file.st_gid == inbox.st_gid) return text::words::group_may_not_read();
  const auto ours = posix::group_name(inbox.st_gid);
  return text::words::other_group(posix::group_name(file.st_gid), ours, groups_may ? "" : text::words::and_chmod());
}

}  // namespace sluice::adapters::spool
