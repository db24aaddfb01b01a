#include "spool/claim.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "posix/content.hpp"
#include "posix/error.hpp"
#include "posix/locks.hpp"
#include "posix/move.hpp"
#include "sluice/adapters/spool/last_job.hpp"
#include "sluice/base/check.hpp"
#include "sluice/base/failpoint.hpp"
#include "spool/claim_step.hpp"
#include "spool/last_job.hpp"

namespace sluice::adapters::spool {

namespace {

constexpr mode_t kOutputMode = 0660;

Result<void> write_copy(const ClaimStep& step, const FileToClaim& file) {
  step.remove(StateFile::copy);
  const auto copy =
      posix::open_at(step.state(), step.in_state(StateFile::copy).c_str(), O_WRONLY | O_CREAT | O_EXCL, 0600);
  int error = copy ? posix::copy_bytes(file.opened.fd, copy) : errno;
  if (error == 0) error = posix::errno_of([&] { return ::fchmod(copy.get(), kOutputMode); });
  // Before the name: a power cut must not leave a claimed file of the right length without its bytes (fsync(2)).
  if (error == 0) error = posix::sync(copy);
  if (error != 0) return posix::fail_with(error, text::words::do_copy(), step.shown_inbox());
  struct stat now{};
  if (::fstat(file.opened.fd.get(), &now) != 0)
    return posix::fail_with(errno, text::words::do_look_at(), step.shown_inbox());
  // Somebody who has another link to it wrote while it was copied.
  if (step.identity(now) != file.opened.identity) return std::unexpected(step.changed());
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
    return posix::fail_with(error, text::words::do_claim_as(), step.shown_state(StateFile::claimed));
  }
  SLUICE_FAILPOINT("spool.after_claim_copy");
  // The copy is durable before the original goes: at every moment one whole file is somewhere.
  auto removed = step.sync_both();
  if (removed) removed = step.take_away(StateFile::original);
  if (!removed) {
    step.remove(StateFile::claimed);
    return removed;
  }
  SLUICE_FAILPOINT("spool.before_original_removed");
  // Asked once it is out of everybody's reach: what was written until then is in the inbox again, and the copy void.
  if (auto same = step.verify(file, StateFile::original); !same) {
    step.remove(StateFile::claimed);
    return step.undo(StateFile::original, std::move(same.error()));
  }
  step.remove(StateFile::original);
  return step.sync_both();
}

Result<std::optional<ports::FileIdentity>> identity_at(const ClaimStep& step, const posix::Fd& folder,
                                                       const std::string& name, const std::string& where) {
  struct stat s{};
  if (::fstatat(folder.get(), name.c_str(), &s, AT_SYMLINK_NOFOLLOW) == 0) return step.identity(s);
  if (errno == ENOENT) return std::nullopt;
  return posix::fail_with(errno, text::words::do_look_at(), where);
}

Result<std::optional<ports::FileIdentity>> identity_at(const ClaimStep& step, StateFile file) {
  return identity_at(step, step.state(), step.in_state(file), step.shown_state(file));
}

/// What a crash left of a copied file between the inbox and its end.
Result<void> settle_original(const ClaimStep& step, const ports::FileIdentity& source) {
  const auto left = identity_at(step, StateFile::original);
  if (!left) return std::unexpected(left.error());
  if (!*left) return {};
  if (!posix::same_but_for_ctime(**left, source)) return step.put_back(StateFile::original);
  step.remove(StateFile::original);
  return {};
}

}  // namespace

Result<std::shared_ptr<Claim>> Claim::open(const Folders& folders, const ports::InboxEntry& entry,
                                           const config::Settings::Inbox& settings) {
  const auto inbox = folders.open(Folder::inbox);
  if (!inbox) return std::unexpected(inbox.error());
  const auto where = folders.shown(Folder::inbox, entry.name);
  auto opened = open_regular(folders, Folder::inbox, **inbox, entry.name);
  if (!opened) return std::unexpected(opened.error());
  if (opened->identity != entry.identity) {
    return fail(ErrorKind::changed, text::words::changed_since_ready(where));
  }
  // A name may have been added since the scan.
  if (opened->linked && (settings.hard_links == config::HardLinks::leave || entry.identity.size > settings.max_bytes)) {
    return fail(ErrorKind::busy, text::words::got_other_names(where));
  }
  // On a share a lease sees only this machine's writers: there two looks that agree must do.
  const bool share = posix::network_filesystem_of((*inbox)->get()).has_value();
  const auto lease = share ? posix::Lease::unavailable : posix::take_lease(opened->fd);
  if (lease == posix::Lease::refused) {
    return fail(ErrorKind::busy, text::words::being_written(where));
  }
  FileToClaim file{.name = entry.name, .opened = std::move(*opened), .leased = lease == posix::Lease::held};
  return std::shared_ptr<Claim>(new Claim(folders, std::move(file), settings.ready_suffix));
}

Result<std::vector<Unsynced>> Claim::move(JobId job) {
  if (!file_.opened.fd) return fail(ErrorKind::changed, text::words::tried_already());
  auto step = ClaimStep::open(folders_, job, file_.name);
  if (!step) return std::unexpected(step.error());
  std::vector<Unsynced> changed;
  const auto where = fmt::format("{}/{}", folders_.path(), kLastJob);
  auto noted = note_last_job(folders_.root(), job, where);
  // Where the root is not ours to write, the numbers of files in outbox/ and archive/ still tell that there were jobs.
  if (!noted && noted.error().kind != ErrorKind::permission) return std::unexpected(noted.error());
  if (noted && *noted) changed.push_back({SyncOrder::last_job, *std::move(noted), where});
  // Before the rename, so that `recover` can name a job whose ledger is lost.
  step->note_name();
  step_.emplace(*std::move(step));
  SLUICE_FAILPOINT("spool.before_claim");
  const bool copied = file_.opened.linked;
  auto moved = copied ? claim_by_copy(*step_, file_) : step_->take_away(StateFile::claimed);
  if (!moved) return give_up(std::move(moved.error()));
  if (copied) return changed;
  SLUICE_FAILPOINT("spool.after_claim_rename");
  std::ranges::move(step_->both(), std::back_inserter(changed));
  return changed;
}

Result<void> Claim::end(Result<void> durable) {
  SLUICE_CHECK(step_.has_value(), "a claim ends that moved nothing");
  if (!file_.opened.linked) {
    // The lease is asked last: whoever opened it for writing up to now has broken it, and goes on with a file that is
    // in the inbox again.
    if (durable) durable = step_->verify(file_, StateFile::claimed);
    if (!durable) durable = step_->undo(StateFile::claimed, std::move(durable.error()));
  }
  if (!durable) return give_up(std::move(durable.error()));
  // A writer who waits for the lease's end waits no longer.
  file_.opened.fd = posix::Fd{};
  SLUICE_FAILPOINT("spool.before_marker_removed");
  // Last: a crash before this leaves a marker without a file, which the next start takes away.
  step_->remove_marker(ready_suffix_);
  return {};
}

/// A candidate is good for one try.
std::unexpected<Error> Claim::give_up(Error why) {
  file_.opened.fd = posix::Fd{};
  step_->remove(StateFile::name);
  return std::unexpected(std::move(why));
}

Result<bool> complete_claim(const Folders& folders, JobId job, const std::string& name,
                            const ports::FileIdentity& source, const std::string& ready_suffix) {
  const auto step = ClaimStep::open(folders, job, name);
  if (!step) return std::unexpected(step.error());
  const auto claimed = identity_at(*step, StateFile::claimed);
  if (!claimed) return std::unexpected(claimed.error());
  step->remove(StateFile::copy);
  if (!*claimed) {
    // Cut off while a copied file's original, written meanwhile, was put back.
    const auto left = identity_at(*step, StateFile::original);
    if (!left) return std::unexpected(left.error());
    if (*left) {
      if (const auto back = step->put_back(StateFile::original); !back) return std::unexpected(back.error());
    }
    step->remove(StateFile::name);
    // The ledger will forget the job: nobody would come back for what a power cut brings to life again.
    if (const auto durable = step->sync_both(); !durable) return std::unexpected(durable.error());
    return false;
  }
  if (const auto settled = settle_original(*step, source); !settled) return std::unexpected(settled.error());
  auto left = identity_at(*step, step->inbox(), name, step->shown_inbox());
  if (!left) return std::unexpected(left.error());
  // A copy's original, still in the inbox: left there, it would be claimed a second time and its orders placed twice.
  if (*left == source) {
    const auto away = step->take_away(StateFile::original);
    if (!away && away.error().kind != ErrorKind::missing) return std::unexpected(away.error());
    if (const auto settled = settle_original(*step, source); !settled) return std::unexpected(settled.error());
    left = std::optional<ports::FileIdentity>{};
  }
  // A marker whose file is gone would wave the next file of that name through.
  if (!*left) step->remove_marker(ready_suffix);
  if (const auto durable = step->sync_both(); !durable) return std::unexpected(durable.error());
  return true;
}

}  // namespace sluice::adapters::spool
