#include "spool/output.hpp"

#include <fmt/format.h>

#include "posix/content.hpp"
#include "posix/error.hpp"
#include "posix/move.hpp"
#include "sluice/base/check.hpp"
#include "sluice/base/failpoint.hpp"
#include "spool/state_files.hpp"

namespace sluice::adapters::spool {

namespace {

constexpr mode_t kOutputMode = 0660;
constexpr std::size_t kWrittenAtOnce = 256 * 1024;

/// A rename keeps the group, so it is set here to the one that outbox/ gives to what is made in it. Who may not do that
/// leaves it: the outputs are readable for our own group then.
void give_to_readers(const Folders& folders, const posix::Fd& file) {
  const auto outbox = folders.open(Folder::outbox);
  struct stat wanted{};
  struct stat have{};
  if (!outbox || ::fstat((*outbox)->get(), &wanted) != 0 || ::fstat(file.get(), &have) != 0) return;
  if (wanted.st_gid == have.st_gid) return;
  [[maybe_unused]] const int ignored = ::fchown(file.get(), static_cast<uid_t>(-1), wanted.st_gid);
}

struct Route {
  std::string from;  ///< in state/
  Folder to;
  std::string as;
  bool ends_job = false;  ///< the claimed file itself; the note of the dropped name goes with it
};

/// A missing file went this way already.
Result<void> move_out(const Folders& folders, const posix::Fd& state, const posix::Fd& to, const Route& route) {
  const auto target = route.ends_job ? posix::Target::anothers : posix::Target::shared;
  // Never replacing: somebody may have put a file of that name there, and it is theirs (I6).
  const int error = posix::move_without_replacing(state, route.from.c_str(), to, route.as.c_str(), target);
  if (error == 0 || error == ENOENT) return {};
  return posix::fail_with(error, text::words::do_rename_to(folders.shown(Folder::state, route.from)),
                          folders.shown(route.to, route.as));
}

Result<void> sync(const Folders& folders, const posix::Fd& fd, Folder folder) {
  if (const int unsynced = posix::sync(fd))
    return posix::fail_with(unsynced, text::words::do_sync_folder(), folders.shown(folder));
  return {};
}

/// After the claimed file has gone: until then `recover` needs it.
void forget_name(const posix::Fd& state, JobId job) {
  ::unlinkat(state.get(), state_name(job, StateFile::name).c_str(), 0);
}

/// Durable when it returns.
Result<void> send_out(const Folders& folders, JobId job, const Route& route) {
  const auto state = folders.open(Folder::state);
  if (!state) return std::unexpected(state.error());
  const auto to = folders.open(route.to);
  if (!to) return std::unexpected(to.error());
  if (auto moved = move_out(folders, **state, **to, route); !moved) return moved;
  if (route.ends_job) forget_name(**state, job);
  // Synced even when it was gone: an earlier try may have fallen between the rename and this.
  if (auto synced = sync(folders, **to, route.to); !synced) return synced;
  return sync(folders, **state, Folder::state);
}

/// Whether these very bytes stand there already, in a file of ours. The name and the owner alone say little: members
/// may rename there what we wrote of another job.
bool is_said(const Folders& folders, Folder folder, const std::string& name, const std::string& bytes) {
  const auto in = folders.open(folder);
  if (!in) return false;
  const auto fd = posix::open_at(**in, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  struct stat s{};
  if (!fd || ::fstat(fd.get(), &s) != 0 || !S_ISREG(s.st_mode) || s.st_uid != ::geteuid()) return false;
  if (static_cast<std::uint64_t>(s.st_size) != bytes.size()) return false;
  std::string there(bytes.size(), '\0');
  const auto read = posix::read_fully(fd, there.data(), there.size(), 0);
  return read && *read == bytes.size() && there == bytes;
}

Result<void> publish_reason(const Folders& folders, JobId job, const std::string& as, const std::string& reason) {
  // From before a crash. Whatever else has the name, planted or renamed by a member, would hide the reason: it is in
  // the way.
  if (is_said(folders, Folder::rejected, as, reason)) return {};
  const auto temporary = state_name(job, StateFile::reason);
  const auto written = write_temporary(folders, temporary, reason, Durable::yes);
  if (!written) return written;
  SLUICE_FAILPOINT("spool.before_reason");
  return send_out(folders, job, {.from = temporary, .to = Folder::rejected, .as = as});
}

}  // namespace

Temporary::Temporary(const Folders& folders, std::string name)
    : folders_(folders), name_(std::move(name)), where_(folders.shown(Folder::state, name_)) {}

Result<void> Temporary::create() {
  auto state = folders_.open(Folder::state);
  if (!state) return std::unexpected(state.error());
  ::unlinkat((*state)->get(), name_.c_str(), 0);
  auto fd = posix::open_at(**state, name_.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (!fd) return posix::fail_with(errno, text::words::do_create(), where_);
  give_to_readers(folders_, fd);
  // fchmod(2), because open(2) would have the umask take bits away.
  if (::fchmod(fd.get(), kOutputMode) != 0) return posix::fail_with(errno, text::words::do_set_mode(), where_);
  state_ = *std::move(state);
  fd_ = std::move(fd);
  return {};
}

void Temporary::append(std::string bytes) {
  SLUICE_CHECK(!finished_, "an output is appended to after it was finished");
  if (pending_.empty()) {
    pending_ = std::move(bytes);
  } else {
    pending_ += bytes;
  }
}

bool Temporary::due() const {
  return pending_.size() >= kWrittenAtOnce;
}

Result<void> Temporary::write() {
  if (!fd_) {
    if (auto created = create(); !created) return created;
  }
  std::string_view rest = pending_;
  const int error = posix::write_all(fd_, rest);
  // What was written is gone from here also after an error: it goes on where it stopped, and writes no byte twice.
  pending_.erase(0, pending_.size() - rest.size());
  if (error != 0) return posix::fail_with(error, text::words::do_write(), where_);
  return {};
}

Result<void> Temporary::finish() {
  if (const auto written = write(); !written) return written;
  if (unsynced_ == 0) unsynced_ = posix::sync(fd_);
  // Once fsync has failed the kernel may have dropped the bytes; a second one that succeeds would be a lie.
  if (unsynced_ != 0) return posix::fail_with(unsynced_, text::words::do_sync(), text::words::anew(where_));
  finished_ = true;
  return {};
}

std::vector<Unsynced> Temporary::unsynced() const {
  // A name that a power cut takes back would pass for a file that was published already.
  return {{SyncOrder::state, state_, where_}};
}

Result<void> write_temporary(const Folders& folders, const std::string& name, const std::string& bytes,
                             Durable durable) {
  Temporary file(folders, name);
  file.append(bytes);
  if (durable == Durable::no) return file.write();
  if (auto finished = file.finish(); !finished) return finished;
  return sync(folders, *file.unsynced().front().fd, Folder::state);
}

Result<std::vector<Unsynced>> publish(const Folders& folders, JobId job, const std::string& dropped, Published what) {
  auto state = folders.open(Folder::state);
  if (!state) return std::unexpected(state.error());
  auto outbox = folders.open(Folder::outbox);
  if (!outbox) return std::unexpected(outbox.error());
  for (const auto kind : ports::kEveryOutput) {
    if ((kind == ports::OutputKind::summary) != (what == Published::summary)) continue;
    SLUICE_FAILPOINT("spool.before_publish");
    const Route route{.from = state_name(job, kind), .to = Folder::outbox, .as = output_name(dropped, job, kind)};
    if (auto moved = move_out(folders, **state, **outbox, route); !moved) return std::unexpected(moved.error());
    SLUICE_FAILPOINT("spool.after_publish");
  }
  // Even where nothing was moved: an earlier try may have fallen between a rename and its fsync.
  std::vector<Unsynced> changed;
  changed.push_back({SyncOrder::outbox, *outbox, folders.shown(Folder::outbox)});
  if (what == Published::summary) changed.push_back({SyncOrder::state, *state, folders.shown(Folder::state)});
  return changed;
}

Result<std::vector<Unsynced>> archive(const Folders& folders, JobId job, const std::string& dropped) {
  SLUICE_FAILPOINT("spool.before_archive");
  auto state = folders.open(Folder::state);
  if (!state) return std::unexpected(state.error());
  auto archive = folders.open(Folder::archive);
  if (!archive) return std::unexpected(archive.error());
  const Route route{.from = state_name(job, StateFile::claimed),
                    .to = Folder::archive,
                    .as = ports::archived_name(dropped, job),
                    .ends_job = true};
  if (auto moved = move_out(folders, **state, **archive, route); !moved) return std::unexpected(moved.error());
  forget_name(**state, job);
  return std::vector<Unsynced>{{SyncOrder::archive, *archive, folders.shown(Folder::archive)},
                               {SyncOrder::state, *state, folders.shown(Folder::state)}};
}

Result<void> reject(const Folders& folders, JobId job, const std::string& dropped, const std::string& reason) {
  // The reason first: a file in rejected/ without one would leave its owner guessing.
  if (const auto said = publish_reason(folders, job, ports::reason_name(dropped, job), reason); !said) return said;
  SLUICE_FAILPOINT("spool.after_reason");
  auto sent = send_out(folders, job,
                       {.from = state_name(job, StateFile::claimed),
                        .to = Folder::rejected,
                        .as = ports::archived_name(dropped, job),
                        .ends_job = true});
  SLUICE_FAILPOINT("spool.after_reject");
  return sent;
}

Result<void> show_progress(const Folders& folders, JobId job, const std::string& dropped, const std::string& line) {
  const auto outbox = folders.open(Folder::outbox);
  if (!outbox) return std::unexpected(outbox.error());
  const auto shown = ports::progress_name(dropped, job);
  if (line.empty()) {
    const int error = posix::errno_of([&] { return ::unlinkat((*outbox)->get(), shown.c_str(), 0); });
    return error == 0 || error == ENOENT
               ? Result<void>{}
               : posix::fail_with(error, text::words::do_remove(), folders.shown(Folder::outbox, shown));
  }
  const auto temporary = state_name(job, StateFile::progress);
  const auto written = write_temporary(folders, temporary, line.ends_with('\n') ? line : line + '\n', Durable::no);
  if (!written) return written;
  const auto state = folders.open(Folder::state);
  if (!state) return std::unexpected(state.error());
  const int error =
      // The one output that is replaced, and the only plain rename: it says nothing that anybody keeps.
      posix::errno_of([&] { return ::renameat((*state)->get(), temporary.c_str(), (*outbox)->get(), shown.c_str()); });
  if (error != 0) return posix::fail_with(error, text::words::do_replace(), folders.shown(Folder::outbox, shown));
  return {};
}

Result<void> discard(const Folders& folders, JobId job) {
  const auto state = folders.open(Folder::state);
  if (!state) return std::unexpected(state.error());
  for (const auto kind : ports::kEveryOutput) {
    const auto name = state_name(job, kind);
    const int error = posix::errno_of([&] { return ::unlinkat((*state)->get(), name.c_str(), 0); });
    if (error != 0 && error != ENOENT)
      return posix::fail_with(error, text::words::do_remove(), folders.shown(Folder::state, name));
  }
  return {};
}

}  // namespace sluice::adapters::spool
