#include "spool/folders.hpp"

#include <dirent.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "posix/accounts.hpp"
#include "posix/error.hpp"
#include "posix/move.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/spool.hpp"
#include "sluice/text/words/state.hpp"

namespace sluice::adapters::spool {

namespace {

struct Row {
  Folder folder;
  const char* name;
  mode_t mode;
};

/// In the order of enum Folder. The spool itself is writable for its owner only: nobody else renames a folder away.
constexpr std::array<Row, 5> kFolders = {{{Folder::inbox, "inbox", 02770},
                                          {Folder::outbox, "outbox", 02770},
                                          {Folder::archive, "archive", 02770},
                                          {Folder::rejected, "rejected", 02770},
                                          {Folder::state, "state", 0700}}};
constexpr mode_t kSpoolMode = 02750;
constexpr std::size_t kShownName = 255;

const Row& row_of(Folder folder) {
  return kFolders[static_cast<std::size_t>(folder)];
}

posix::Fd open_folder(const posix::Fd& parent, const char* name) {
  return posix::open_at(parent, name, O_RDONLY | O_DIRECTORY);
}

/// Gives a folder just made its mode whatever the umask says, and makes it durable.
int finish_folder(const posix::Fd& parent, const posix::Fd& folder, mode_t mode) {
  if (const int error = posix::errno_of([&] { return ::fchmod(folder.get(), mode); })) return error;
  return posix::sync(parent);
}

posix::Fd make_folder(const posix::Fd& parent, const char* name, mode_t mode) {
  if (::mkdirat(parent.get(), name, mode & 0777U) != 0 && errno != EEXIST) return {};
  auto folder = open_folder(parent, name);
  if (!folder) return folder;
  // Also of one that was there: an earlier start may have died between mkdir and chmod.
  errno = finish_folder(parent, folder, mode);
  return errno == 0 ? std::move(folder) : posix::Fd{};
}

/// Whoever owns the root or may write to it could move state/ away, and Sluice would begin clean and place orders
/// again; whoever may write to state/ could put another ledger there.
Result<void> is_ours_alone(const posix::Fd& folder, const std::string& where, mode_t wanted) {
  struct stat s{};
  if (::fstat(folder.get(), &s) != 0) return posix::fail_with(errno, text::words::do_look_at(), where);
  if (s.st_uid != ::geteuid() && s.st_uid != 0) {
    const auto us = posix::user_name(::geteuid());
    return fail(ErrorKind::config, text::words::folder_of_another(where, posix::user_name(s.st_uid), us));
  }
  if ((s.st_mode & (S_IWGRP | S_IWOTH)) == 0) return {};
  return fail(ErrorKind::config, text::words::folder_open_to_others(where, fmt::format("{:04o}", s.st_mode & 07777U),
                                                                    fmt::format("{:04o}", wanted)));
}

/// What lies in state/ is nobody else's: orders, and soon-to-be results.
int make_private(const posix::Fd& state) {
  struct stat s{};
  if (::fstat(state.get(), &s) != 0) return errno;
  // Left alone where it is tight already: its owner may have made it tighter than we would.
  if ((s.st_mode & 077U) == 0) return 0;
  return posix::errno_of([&] { return ::fchmod(state.get(), 0700); });
}

posix::Fd open_spool(const std::string& path) {
  return posix::Fd(posix::uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
}

/// In its own words where somebody put a link in a folder's place.
Error why_not_open(const posix::Fd& spool, const char* name, const std::string& shown) {
  const int error = errno;
  struct stat about{};
  const bool link = ::fstatat(spool.get(), name, &about, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(about.st_mode);
  if (!link) return posix::system_error(error, text::words::do_open_folder(), shown);
  return {ErrorKind::config, text::words::folder_is_link(shown)};
}

struct Kind {
  mode_t type;
  text::Sentence<0> name;
};
constexpr Kind kKinds[] = {{S_IFDIR, text::words::kind_folder}, {S_IFLNK, text::words::kind_link},
                           {S_IFIFO, text::words::kind_fifo},   {S_IFSOCK, text::words::kind_socket},
                           {S_IFCHR, text::words::kind_device}, {S_IFBLK, text::words::kind_device}};

struct CloseDir {
  void operator()(DIR* dir) const { ::closedir(dir); }
};

/// Each host's own: two that begin at once must not trip over each other's.
std::string probe_of(const Folders& folders) {
  return folders.host().empty() ? ".sluice-probe" : ".sluice-probe." + folders.host();
}

constexpr std::array kOthers = {Folder::inbox, Folder::outbox, Folder::archive, Folder::rejected};

Error why_not(int error, const Folders& folders, Folder folder) {
  const auto from = folders.shown(Folder::state);
  const auto to = folders.shown(folder);
  if (error == EXDEV) {
    return {ErrorKind::config, text::words::two_file_systems(from, to)};
  }
  if (error == EPERM || error == EOPNOTSUPP || error == EINVAL) {
    return {ErrorKind::config, text::words::cannot_rename_safely(to)};
  }
  return posix::unusable(posix::system_error(error, text::words::do_rename_trial(), to));
}

void remove_probe(const posix::Fd& folder, const std::string& probe) {
  ::unlinkat(folder.get(), probe.c_str(), 0);
}

int make_probe(const posix::Fd& folder, const std::string& probe) {
  return posix::open_at(folder, probe.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0600) ? 0 : errno;
}

/// There, refused while there, and gone again.
int round_trip(const posix::Fd& state, const posix::Fd& other, const std::string& probe) {
  const char* name = probe.c_str();
  if (const int error = make_probe(state, probe)) return error;
  if (const int error = posix::move_without_replacing(state, name, other, name, posix::Target::shared)) return error;
  if (const int error = make_probe(state, probe)) return error;
  const int refused = posix::move_without_replacing(state, name, other, name, posix::Target::shared);
  // Some file systems accept RENAME_NOREPLACE and replace all the same (renameat2(2)): tried, not believed.
  if (refused != EEXIST) return refused == 0 ? EINVAL : refused;
  remove_probe(state, probe);
  return posix::move_without_replacing(other, name, state, name, posix::Target::private_);
}

}  // namespace

std::string Folders::shown(Folder folder, std::string_view name) const {
  return fmt::format("{}/{}/{}", path_, row_of(folder).name, text::shown(name, kShownName));
}

std::string within(Folder folder, std::string_view name) {
  return fmt::format("{}/{}", row_of(folder).name, name);
}

Result<OpenFolder> Folders::open(Folder folder) const {
  struct stat named{};
  const bool there = ::fstatat(spool_.get(), row_of(folder).name, &named, AT_SYMLINK_NOFOLLOW) == 0;
  const std::scoped_lock lock(kept_->mutex);
  auto& kept = kept_->folders[static_cast<std::size_t>(folder)];
  // As long as it is open its inode is nobody else's.
  if (there && kept.folder && kept.device == named.st_dev && kept.inode == named.st_ino) return kept.folder;
  auto opened = open_anew(folder);
  if (opened && ::fstat((*opened)->get(), &named) == 0) kept = {*opened, named.st_dev, named.st_ino};
  return opened;
}

Result<OpenFolder> Folders::open_anew(Folder folder) const {
  const auto& row = row_of(folder);
  // Relative to the spool, so that no link can lead outside.
  auto fd = open_folder(spool_, row.name);
  if (!fd && errno == ENOENT && makes_) fd = make_folder(spool_, row.name, row.mode);
  if (!fd) return std::unexpected(why_not_open(spool_, row.name, shown(folder)));
  return std::make_shared<const posix::Fd>(std::move(fd));
}

Result<void> Folders::open_all() const {
  for (const auto& row : kFolders) {
    const auto fd = open(row.folder);
    if (!fd) return std::unexpected(posix::unusable(fd.error()));
    if (row.folder != Folder::state || !makes_) continue;
    if (auto ours = is_ours_alone(**fd, fmt::format("{}/{}", path_, row.name), row.mode); !ours) return ours;
    if (const int error = make_private(**fd)) {
      return std::unexpected(
          posix::unusable(posix::system_error(error, text::words::do_make_private(), shown(Folder::state))));
    }
  }
  return {};
}

Result<Folders> Folders::make(const std::string& spool, std::string host) {
  const bool fresh = ::mkdir(spool.c_str(), kSpoolMode & 0777U) == 0;
  if (!fresh && errno != EEXIST)
    return std::unexpected(posix::unusable(posix::system_error(errno, text::words::do_make_spool(), spool)));
  auto fd = open_spool(spool);
  if (!fd) return std::unexpected(posix::unusable(posix::system_error(errno, text::words::do_open_spool(), spool)));
  if (fresh && ::fchmod(fd.get(), kSpoolMode) != 0) {
    return std::unexpected(posix::unusable(posix::system_error(errno, text::words::do_set_mode(), spool)));
  }
  if (auto ours = is_ours_alone(fd, spool, kSpoolMode); !ours) return std::unexpected(ours.error());
  Folders folders(std::move(fd), spool, std::move(host), true);
  if (const auto all = folders.open_all(); !all) return std::unexpected(all.error());
  return folders;
}

Result<Folders> Folders::look(const std::string& spool) {
  auto fd = open_spool(spool);
  if (!fd) return std::unexpected(posix::unusable(posix::system_error(errno, text::words::do_open_spool(), spool)));
  Folders folders(std::move(fd), spool, {}, false);
  if (const auto all = folders.open_all(); !all) return std::unexpected(all.error());
  return folders;
}

ports::FileIdentity Folders::identity(const struct stat& about) const {
  auto identity = posix::identity_of(about);
  if (!host_.empty()) identity.device = 0;
  return identity;
}

Result<void> Folders::still_there() const {
  struct stat opened{};
  struct stat named{};
  const bool same = ::fstat(spool_.get(), &opened) == 0 && ::stat(path_.c_str(), &named) == 0 &&
                    opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
  if (same) return {};
  return fail(ErrorKind::changed, text::words::spool_moved(path_));
}

std::string not_a_file(mode_t mode) {
  const auto* kind = std::ranges::find(kKinds, mode & S_IFMT, &Kind::type);
  return text::words::not_regular(kind == std::end(kKinds) ? text::words::something_else() : kind->name());
}

Result<std::vector<std::string>> list(const Folders& folders, Folder folder) {
  const auto open = folders.open(folder);
  if (!open) return std::unexpected(open.error());
  auto fd = open_folder(**open, ".");  // of its own: how far it was read is part of an opening
  const std::unique_ptr<DIR, CloseDir> dir(fd ? ::fdopendir(fd.get()) : nullptr);
  if (!dir) return posix::fail_with(errno, text::words::do_list(), folders.shown(folder));
  fd.release();  // closedir closes it
  std::vector<std::string> names;
  for (;;) {
    errno = 0;
    const auto* entry = ::readdir(dir.get());
    if (entry == nullptr && errno != 0) return posix::fail_with(errno, text::words::do_list(), folders.shown(folder));
    if (entry == nullptr) return names;
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
}

Result<OpenedFile> open_regular(const Folders& folders, Folder folder, const posix::Fd& fd, const std::string& name) {
  OpenedFile opened{.fd = posix::open_at(fd, name.c_str(), O_RDONLY), .identity = {}, .linked = false};
  if (!opened.fd) return posix::fail_with(errno, text::words::do_read(), folders.shown(folder, name));
  struct stat s{};
  if (::fstat(opened.fd.get(), &s) != 0)
    return posix::fail_with(errno, text::words::do_look_at(), folders.shown(folder, name));
  // Asked of what was opened, not of the name: a FIFO put there in between would hang the first read.
  if (!S_ISREG(s.st_mode)) {
    return fail(ErrorKind::changed, fmt::format("{}: {}", folders.shown(folder, name), not_a_file(s.st_mode)));
  }
  opened.identity = folders.identity(s);
  opened.linked = s.st_nlink > 1;
  return opened;
}

Result<void> try_renames(const Folders& folders) {
  const auto state = folders.open(Folder::state);
  if (!state) return std::unexpected(state.error());
  const auto probe = probe_of(folders);
  for (const auto folder : kOthers) {
    const auto other = folders.open(folder);
    if (!other) return std::unexpected(other.error());
    remove_probe(**state, probe);  // a crash may have left them
    remove_probe(**other, probe);
    const int error = round_trip(**state, **other, probe);
    remove_probe(**state, probe);
    remove_probe(**other, probe);
    if (error != 0) return std::unexpected(why_not(error, folders, folder));
  }
  return {};
}

}  // namespace sluice::adapters::spool
