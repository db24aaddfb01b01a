#include "spool/claim.hpp"

#include <fmt/format.h>

#include "posix/content.hpp"
#include "posix/error.hpp"
#include "posix/locks.hpp"
#include "posix/move.hpp"
#include "posix/network_filesystem.hpp"
#include "sluice/base/failpoint.hpp"

namespace sluice::adapters::spool {
namespace {

constexpr mode_t kOutputMode = 0660;

Result<void> write_copy(const ClaimStep& step, const FileToClaim& file) {
  step.remove(StateFile::copy);
  const auto copy =
      posix::open_at(step.state(), step.in_state(StateFile::copy).c_str(), O_WRONLY | O_CREAT | O_EXCL, 0600);
  int error = copy ? posix::copy_bytes(file.opened.fd, copy) : errno;
  if (error == 0) error = posix::errno_of([&] { return ::fchmod(copy.get(), kOutputMode); });
  if (error == 0) error = posix::sync(copy);
  if (error != 0) return posix::fail_with(error, "copy (it has other hard links)", step.shown_inbox());
  struct stat now{};
  if (::fstat(file.opened.fd.get(), &now) != 0) return posix::fail_with(errno, "look at", step.shown_inbox());
  if (posix::identity_of(now) != file.opened.identity) return std::unexpected(step.changed());
  return {};
}

/// A file that has one name.
Result<void> claim_by_rename(const ClaimStep& step, const FileToClaim& file) {
  if (const auto moved = step.take_away(StateFile::claimed); !moved) return moved;
  SLUICE_FAILPOINT("spool.after_claim_rename");
  auto durable = step.sync_both();
  // The lease is asked last: whoever opened it for writing up to now has broken it, and goes on with a file that is
  // in the inbox again.
  if (durable) durable = step.verify(file, StateFile::claimed);
  if (!durable) return step.undo(StateFile::claimed, std::move(durable.error()));
  return {};
}

/// A file that has other hard links: whoever has one could go on writing, so its bytes are copied.
Result<void> claim_by_copy(const ClaimStep& step, const FileToClaim& file) {
  if (const auto written = write_copy(step, file); !written) {
    step.remove(StateFile::copy);
    return written;
  }
  const auto copy = step.in_state(StateFile::copy);
  const auto claimed = step.in_state(StateFile::claimed);
  const int error =
      posix::move_without_replacing(step.state(), copy.c_str(), step.state(), claimed.c_str(), posix::Target::private_);
  if (error != 0) {
    step.remove(StateFile::copy);
    return posix::fail_with(error, "claim as", step.shown_state(StateFile::claimed));
  }
  SLUICE_FAILPOINT("spool.after_claim_copy");
  auto removed = step.sync_both();
  if (removed) removed = step.take_away(StateFile::original);
  if (!removed) {
    step.remove(StateFile::claimed);
    return removed;
  }
  SLUICE_FAILPOINT("spool.before_original_removed");
  if (auto same = step.verify(file, StateFile::original); !same) {
    step.remove(StateFile::claimed);
    return step.undo(StateFile::original, std::move(same.error()));
  }
  step.remove(StateFile::original);
  return step.sync_both();
}

}  // namespace

Result<std::shared_ptr<Claim>> Claim::open(const Folders& folders, const ports::InboxEntry& entry,
                                           std::string ready_suffix) {
  const auto inbox = folders.open(Folder::inbox);
  if (!inbox) return std::unexpected(inbox.error());
  const auto where = folders.shown(Folder::inbox, entry.name);
  auto opened = open_regular(folders, Folder::inbox, *inbox, entry.name);
  if (!opened) return std::unexpected(opened.error());
  if (opened->identity != entry.identity) {
    return fail(ErrorKind::changed, fmt::format("{} changed since it was judged ready", where));
  }
  const bool share = posix::network_filesystem_of(inbox->get()).has_value();
  const auto lease = share ? posix::Lease::unavailable : posix::take_lease(opened->fd);
  if (lease == posix::Lease::refused) {
    return fail(ErrorKind::busy, fmt::format("{} is being written: a process has it open for writing", where));
  }
  FileToClaim file{.name = entry.name, .opened = std::move(*opened), .leased = lease == posix::Lease::held};
  return std::shared_ptr<Claim>(new Claim(folders, std::move(file), std::move(ready_suffix)));
}

Result<void> Claim::take(JobId job) {
  if (!file_.opened.fd) return fail(ErrorKind::changed, "this candidate was tried already: open it again");
  const auto step = ClaimStep::open(folders_, job, file_.name);
  if (!step) return std::unexpected(step.error());
  step->note_name();
  SLUICE_FAILPOINT("spool.before_claim");
  const auto claimed = file_.opened.linked ? claim_by_copy(*step, file_) : claim_by_rename(*step, file_);
  // Whatever came of it, a candidate is good for one try, and a writer who waits for the lease's end waits no longer.
  file_.opened.fd = posix::Fd{};
  if (!claimed) {
    step->remove(StateFile::name);
    return claimed;
  }
  SLUICE_FAILPOINT("spool.before_marker_removed");
  step->remove_marker(ready_suffix_);
  return {};
}

}  // namespace sluice::adapters::spool
