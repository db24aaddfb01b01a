#include "spool/probe.hpp"

#include <fmt/format.h>

#include <array>

#include "posix/error.hpp"
#include "posix/move.hpp"

namespace sluice::adapters::spool {
namespace {

constexpr const char* kProbe = ".sluice-probe";
constexpr std::array kOthers = {Folder::inbox, Folder::outbox, Folder::archive, Folder::rejected};

Error why_not(int error, const Folders& folders, Folder folder) {
  const auto from = folders.shown(Folder::state);
  const auto to = folders.shown(folder);
  if (error == EXDEV) {
    return {ErrorKind::config,
            fmt::format("{} and {} are on two file systems, and files can't be renamed from one to the "
                        "other; put the whole spool on one, with no mount in between",
                        from, to)};
  }
  if (error == EPERM || error == EOPNOTSUPP || error == EINVAL) {
    return {ErrorKind::config, fmt::format("the file system of {} can neither rename without replacing nor make hard "
                                           "links, so a result could overwrite a file; put the spool on another one",
                                           to)};
  }
  return posix::unusable(posix::system_error(error, "rename a trial file into", to));
}

void remove_probe(const posix::Fd& folder) {
  ::unlinkat(folder.get(), kProbe, 0);
}

int make_probe(const posix::Fd& folder) {
  return posix::open_at(folder, kProbe, O_WRONLY | O_CREAT | O_EXCL, 0600) ? 0 : errno;
}

/// There, refused while there, and gone again.
int round_trip(const posix::Fd& state, const posix::Fd& other) {
  if (const int error = make_probe(state)) return error;
  if (const int error = posix::move_without_replacing(state, kProbe, other, kProbe, posix::Target::shared))
    return error;
  if (const int error = make_probe(state)) return error;
  const int refused = posix::move_without_replacing(state, kProbe, other, kProbe, posix::Target::shared);
  if (refused != EEXIST) return refused == 0 ? EINVAL : refused;
  remove_probe(state);
  return posix::move_without_replacing(other, kProbe, state, kProbe, posix::Target::private_);
}

}  // namespace

Result<void> try_renames(const Folders& folders) {
  const auto state = folders.open(Folder::state);
  if (!state) return std::unexpected(state.error());
  for (const auto folder : kOthers) {
    const auto other = folders.open(folder);
    if (!other) return std::unexpected(other.error());
    remove_probe(*state);  // a crash may have left them
    remove_probe(*other);
    const int error = round_trip(*state, *other);
    remove_probe(*state);
    remove_probe(*other);
    if (error != 0) return std::unexpected(why_not(error, folders, folder));
  }
  return {};
}

}  // namespace sluice::adapters::spool
