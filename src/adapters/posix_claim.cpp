#include "posix_claim.hpp"

#include <fmt/format.h>

#include "posix_error.hpp"
#include "posix_lease.hpp"
#include "sluice/adapters/network_filesystem.hpp"
#include "sluice/base/failpoint.hpp"

namespace sluice::adapters {

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
  const bool share = network_filesystem_of(inbox->get()).has_value();
  const auto lease = share ? Lease::unavailable : take_lease(opened->fd);
  if (lease == Lease::refused) {
    return fail(ErrorKind::busy, fmt::format("{} is being written: a process has it open for writing", where));
  }
  FileToClaim file{.name = entry.name, .opened = std::move(*opened), .leased = lease == Lease::held};
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
  file_.opened.fd = Fd{};
  if (!claimed) {
    step->remove(StateFile::name);
    return claimed;
  }
  SLUICE_FAILPOINT("spool.before_marker_removed");
  step->remove_marker(ready_suffix_);
  return {};
}

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

}  // namespace sluice::adapters
