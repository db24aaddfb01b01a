#include "posix_folders.hpp"

#include <fmt/format.h>

#include <array>

#include "posix_error.hpp"
#include "posix_move.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::adapters {
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

Fd open_folder(const Fd& parent, const char* name) {
  return open_at(parent, name, O_RDONLY | O_DIRECTORY);
}

/// Gives a folder just made its mode whatever the umask says, and makes it durable.
int finish_folder(const Fd& parent, const Fd& folder, mode_t mode) {
  if (const int error = errno_of([&] { return ::fchmod(folder.get(), mode); })) return error;
  return sync(parent);
}

Fd make_folder(const Fd& parent, const char* name, mode_t mode) {
  if (::mkdirat(parent.get(), name, mode & 0777U) != 0 && errno != EEXIST) return {};
  auto folder = open_folder(parent, name);
  if (!folder) return folder;
  errno = finish_folder(parent, folder, mode);
  return errno == 0 ? std::move(folder) : Fd{};
}

/// What lies in state/ is nobody else's: orders, and soon-to-be results.
int make_private(const Fd& state) {
  struct stat s{};
  if (::fstat(state.get(), &s) != 0) return errno;
  if ((s.st_mode & 077U) == 0) return 0;
  return errno_of([&] { return ::fchmod(state.get(), 0700); });
}

Fd open_spool(const std::string& path) {
  return Fd(uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
}

}  // namespace

std::string Folders::shown(Folder folder, std::string_view name) const {
  return fmt::format("{}/{}/{}", path_, row_of(folder).name, text::shown(name, kShownName));
}

Result<Fd> Folders::open(Folder folder) const {
  const auto& row = row_of(folder);
  auto fd = open_folder(spool_, row.name);
  if (!fd && errno == ENOENT && makes_) fd = make_folder(spool_, row.name, row.mode);
  if (!fd) return fail_with(errno, "open the folder", shown(folder));
  return fd;
}

Result<void> Folders::open_all() const {
  for (const auto& row : kFolders) {
    const auto fd = open(row.folder);
    if (!fd) return std::unexpected(unusable(fd.error()));
    if (row.folder != Folder::state || !makes_) continue;
    if (const int error = make_private(*fd)) {
      return std::unexpected(unusable(system_error(error, "make private (chmod 0700)", shown(Folder::state))));
    }
  }
  return {};
}

Result<Folders> Folders::make(const std::string& spool) {
  const bool fresh = ::mkdir(spool.c_str(), kSpoolMode & 0777U) == 0;
  if (!fresh && errno != EEXIST) return std::unexpected(unusable(system_error(errno, "make the spool", spool)));
  auto fd = open_spool(spool);
  if (!fd) return std::unexpected(unusable(system_error(errno, "open the spool", spool)));
  if (fresh && ::fchmod(fd.get(), kSpoolMode) != 0) {
    return std::unexpected(unusable(system_error(errno, "set the mode of", spool)));
  }
  Folders folders(std::move(fd), spool, true);
  if (const auto all = folders.open_all(); !all) return std::unexpected(all.error());
  return folders;
}

Result<Folders> Folders::look(const std::string& spool) {
  auto fd = open_spool(spool);
  if (!fd) return std::unexpected(unusable(system_error(errno, "open the spool", spool)));
  Folders folders(std::move(fd), spool, false);
  if (const auto all = folders.open_all(); !all) return std::unexpected(all.error());
  return folders;
}

}  // namespace sluice::adapters
