#include "spool/claim_step.hpp"

#include <fmt/format.h>

#include "posix/error.hpp"
#include "posix/locks.hpp"
#include "posix/move.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::adapters::spool {

Result<ClaimStep> ClaimStep::open(const Folders& folders, JobId job, std::string name) {
  // No folder spells such a name, but a ledger that was tampered with may: it must not lead out of the spool.
  if (name.find('/') != std::string::npos) {
    return fail(ErrorKind::corrupt, text::words::ledger_names_impossible(job, text::shown(name)));
  }
  auto inbox = folders.open(Folder::inbox);
  if (!inbox) return std::unexpected(inbox.error());
  auto state = folders.open(Folder::state);
  if (!state) return std::unexpected(state.error());
  return ClaimStep(folders, std::move(*inbox), std::move(*state), job, std::move(name));
}

std::string ClaimStep::shown_inbox() const {
  return folders_.shown(Folder::inbox, name_);
}

std::string ClaimStep::shown_state(StateFile file) const {
  return folders_.shown(Folder::state, in_state(file));
}

Error ClaimStep::changed() const {
  return {ErrorKind::changed, text::words::changed_while_claimed(shown_inbox())};
}

Result<void> ClaimStep::take_away(StateFile as) const {
  const int error =
      posix::move_without_replacing(*inbox_, name_.c_str(), *state_, in_state(as).c_str(), posix::Target::private_);
  if (error != 0) return posix::fail_with(error, text::words::do_move_to(shown_state(as)), shown_inbox());
  return {};
}

Result<void> ClaimStep::put_back(StateFile as) const {
  const auto from = in_state(as);
  int error = posix::move_without_replacing(*state_, from.c_str(), *inbox_, name_.c_str(), posix::Target::anothers);
  // A new file has taken the name meanwhile. Neither may replace the other, so this one comes back under a name of its
  // own.
  if (error == EEXIST) {
    const auto aside = ports::archived_name(name_, job_);
    error = posix::move_without_replacing(*state_, from.c_str(), *inbox_, aside.c_str(), posix::Target::anothers);
  }
  if (error != 0) return posix::fail_with(error, text::words::do_put_back(), shown_state(as));
  return sync_both();
}

std::unexpected<Error> ClaimStep::undo(StateFile as, Error why) const {
  if (const auto back = put_back(as); !back) {
    return fail(ErrorKind::io, text::words::and_then(why.words, back.error().words));
  }
  return std::unexpected(std::move(why));
}

Result<void> ClaimStep::verify(const FileToClaim& file, StateFile as) const {
  struct stat opened{};
  struct stat moved{};
  const auto name = in_state(as);
  if (::fstat(file.opened.fd.get(), &opened) != 0)
    return posix::fail_with(errno, text::words::do_look_at(), shown_inbox());
  if (::fstatat(state_->get(), name.c_str(), &moved, AT_SYMLINK_NOFOLLOW) != 0) {
    return posix::fail_with(errno, text::words::do_look_at(), shown_state(as));
  }
  // The rename moved whatever bore the name at that moment: only if that is what was opened, unwritten since, is it
  // ours.
  const bool same = opened.st_dev == moved.st_dev && opened.st_ino == moved.st_ino &&
                    posix::same_but_for_ctime(identity(opened), file.opened.identity) &&
                    (file.opened.linked || moved.st_nlink == 1);
  if (!same || (file.leased && !posix::lease_holds(file.opened.fd))) return std::unexpected(changed());
  return {};
}

void ClaimStep::note_name() const {
  remove(StateFile::name);
  [[maybe_unused]] const int ignored = ::symlinkat(name_.c_str(), state_->get(), in_state(StateFile::name).c_str());
}

void ClaimStep::remove(StateFile file) const {
  ::unlinkat(state_->get(), in_state(file).c_str(), 0);
}

void ClaimStep::remove_marker(const std::string& ready_suffix) const {
  if (ready_suffix.empty()) return;
  ::unlinkat(inbox_->get(), (name_ + ready_suffix).c_str(), 0);
  [[maybe_unused]] const int ignored =
      posix::sync(*inbox_);  // the claim is durable already; a marker is not worth undoing it
}

std::vector<Unsynced> ClaimStep::both() const {
  return {{SyncOrder::state, state_, folders_.shown(Folder::state)},
          {SyncOrder::inbox, inbox_, folders_.shown(Folder::inbox)}};
}

Result<void> ClaimStep::sync_both() const {
  // In the order of SyncOrder.
  if (const int error = posix::sync(*state_))
    return posix::fail_with(error, text::words::do_sync_folder(), folders_.shown(Folder::state));
  if (const int error = posix::sync(*inbox_))
    return posix::fail_with(error, text::words::do_sync_folder(), folders_.shown(Folder::inbox));
  return {};
}

}  // namespace sluice::adapters::spool
