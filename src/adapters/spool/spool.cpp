#include "sluice/adapters/spool/spool.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <set>
#include <utility>

#include "posix/error.hpp"
#include "sluice/adapters/spool/lock.hpp"
#include "sluice/base/failpoint.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/jobs.hpp"
#include "sluice/text/words/spool.hpp"
#include "spool/claim.hpp"
#include "spool/claimed_file.hpp"
#include "spool/folders.hpp"
#include "spool/hints.hpp"
#include "spool/inbox.hpp"
#include "spool/offload.hpp"
#include "spool/output.hpp"
#include "spool/removal.hpp"
#include "spool/secret.hpp"
#include "spool/state_files.hpp"
#include "spool/sync_rounds.hpp"

namespace sluice::adapters::spool {

using ports::Task;

namespace {
constexpr std::size_t kMostTold = 100;
constexpr int kScanShare = 10;  ///< scans are so many times as far apart as one takes
/// So much of the pauses can be owed: a look now and then costs nobody anything, and a file dropped just after one is
/// not to wait for it.
constexpr auto kOwed = std::chrono::milliseconds(250);
constexpr auto kLongestPause = std::chrono::minutes(1);  ///< however long one hung, on a network share
}  // namespace

class PosixSpool::Impl {
 public:
  Impl(std::optional<Lock> held, Folders opened, config::Settings::Inbox settings, ports::Clock& of,
       const boost::asio::any_io_executor& executor)
      : lock(std::move(held)),
        folders(std::move(opened)),
        inbox(std::move(settings)),
        clock(of),
        timer(of.timer()),
        hints(executor) {
    // From the start: what arrives before the first scan is found by that scan, what arrives after it by its event.
    if (const auto fd = folders.open(Folder::inbox)) hints.watch(**fd);
  }

  /// What a scan found besides files to take, each thing once.
  void tell(const Scan& scan) {
    std::set<std::string> still;
    for (const auto& name : scan.left_alone) {
      if (still.size() == kMostTold) break;
      if (!told.contains(name)) spdlog::info("{}", text::words::left_alone(text::shown(name, 80)));
      still.insert(name);
    }
    told = std::move(still);
    if (const auto trouble = hints.trouble(); trouble != told_trouble) {
      if (trouble.empty()) spdlog::info("{}", text::words::heard_again());
      if (!trouble.empty()) spdlog::warn("{}", text::words::inbox_is(trouble));
      told_trouble = trouble;
    }
  }

  std::optional<Lock> lock;
  const Folders folders;
  std::string secret;
  config::Settings::Inbox inbox;
  ports::Clock& clock;
  std::unique_ptr<ports::Clock::Timer> timer;
  Boottime paid_off{};                ///< when the scans so far are as far apart as they should be
  Boottime next_scan{};               ///< not before: a crowded inbox must not keep the machine busy with looking
  bool woken = false;                 ///< by wake(), which waits for nothing
  std::optional<Boottime> next_look;  ///< when a file that only waits for time may be ready
  Hints hints;
  std::set<std::string> told;  ///< names that are left alone, told of in the log
  std::string told_trouble = hints.trouble();
  Arrivals arrivals;  ///< touched in turn on the file threads only
  SyncRounds rounds{offload};
  Offload offload;  ///< last, so that it is joined first
};

namespace {

constexpr std::uint64_t kFewestInodes = 16;  // outputs, their note and progress, and the ledger's log

Result<std::uint64_t> free_in(const Folders& folders, Folder folder) {
  const auto fd = folders.open(folder);
  if (!fd) return std::unexpected(fd.error());
  struct statvfs s{};
  if (const int error = posix::errno_of([&] { return ::fstatvfs((*fd)->get(), &s); })) {
    return posix::fail_with(error, text::words::do_ask_room(), folders.shown(folder));
  }
  // Some report no inodes at all (statvfs(3)); there the bytes alone decide.
  const bool counts_inodes = s.f_files > 0;  // btrfs and some shares don't
  if (counts_inodes && s.f_favail < kFewestInodes) {
    return fail(ErrorKind::no_space, text::words::few_inodes(folders.shown(folder), s.f_favail, kFewestInodes));
  }
  return std::uint64_t{s.f_bavail} * s.f_frsize;
}

/// Disarms even when the wait ends by an exception.
class Armed {
 public:
  Armed(Hints& hints, ports::Clock::Timer& timer) : hints_(hints) {
    hints_.arm([&timer] { timer.wake(); });
  }
  ~Armed() { hints_.disarm(); }
  Armed(const Armed&) = delete;
  Armed& operator=(const Armed&) = delete;

 private:
  Hints& hints_;
};

}  // namespace

PosixSpool::PosixSpool(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PosixSpool::~PosixSpool() = default;

Result<std::unique_ptr<PosixSpool>> PosixSpool::open(const std::string& spool, config::Settings::Inbox inbox,
                                                     ports::Clock& clock, boost::asio::any_io_executor executor,
                                                     const std::string& host) {
  // Before anything is touched: two processes on one spool would both find the same files to claim.
  auto lock = Lock::take(spool, host);
  if (!lock) return std::unexpected(lock.error());
  auto folders = Folders::make(spool, host);
  if (!folders) return std::unexpected(folders.error());
  // Tried at each start, since a spool can be moved or remounted: results that can't be published must stop the day
  // before orders go out, not after.
  if (const auto tried = try_renames(*folders); !tried) return std::unexpected(tried.error());
  auto secret = read_or_make_secret(*folders);
  if (!secret) return std::unexpected(posix::unusable(secret.error()));
  auto impl = std::make_unique<Impl>(std::move(*lock), std::move(*folders), std::move(inbox), clock, executor);
  impl->secret = *std::move(secret);
  return std::unique_ptr<PosixSpool>(new PosixSpool(std::move(impl)));
}

Result<std::unique_ptr<PosixSpool>> PosixSpool::open_to_look(const std::string& spool, config::Settings::Inbox inbox,
                                                             ports::Clock& clock,
                                                             boost::asio::any_io_executor executor) {
  auto folders = Folders::look(spool);
  if (!folders) return std::unexpected(folders.error());
  return std::unique_ptr<PosixSpool>(
      new PosixSpool(std::make_unique<Impl>(std::nullopt, std::move(*folders), std::move(inbox), clock, executor)));
}

void PosixSpool::reload(config::Settings::Inbox inbox) {
  impl_->inbox = std::move(inbox);
}

std::string PosixSpool::hints_trouble() const {
  return impl_->hints.trouble();
}

const std::string& PosixSpool::secret() const {
  return impl_->secret;
}

void PosixSpool::use_secret(std::string accounts) {
  impl_->secret = std::move(accounts);
}

Task<void> PosixSpool::wait_for_change(Boottime until) {
  auto& self = *impl_;
  if (!self.woken && self.clock.now() < self.next_scan) co_await self.timer->wait(self.next_scan);
  if (std::exchange(self.woken, false)) co_return;
  // Hints are hints: a share sends none, and a full queue loses some. The scan is the truth, and comes regardless.
  until = std::min(until, self.clock.now() + self.inbox.scan_every);
  if (self.next_look) until = std::min(until, *self.next_look);
  const Armed armed(self.hints, *self.timer);
  co_await self.timer->wait(until);
  self.woken = false;
  // Said once: a caller that doesn't scan must not spin.
  if (self.next_look && self.clock.now() >= *self.next_look) self.next_look.reset();
}

void PosixSpool::wake() {
  impl_->woken = true;
  impl_->timer->wake();
}

Task<Result<ports::InboxScan>> PosixSpool::scan() {
  auto& self = *impl_;
  // Taken here and handed over: the file threads ask no clock, so that a test decides what time it is.
  const Arrivals::Instant instant{.now = self.clock.now(), .wall = self.clock.wall()};
  auto scan = co_await self.offload.in_turn([&self, instant, settings = self.inbox] -> Result<Scan> {
    if (auto there = self.folders.still_there(); !there) return std::unexpected(std::move(there.error()));
    return scan_inbox(self.folders, settings, self.hints, self.arrivals, instant);
  });
  const Boottime ended = self.clock.now();
  const Nanos pause = kScanShare * (ended - instant.now);
  self.paid_off = std::min<Boottime>(std::max(self.paid_off, ended) + pause, ended + kLongestPause);
  self.next_scan = self.paid_off - kOwed;
  if (!scan) co_return std::unexpected(scan.error());
  self.tell(*scan);
  self.next_look.reset();
  if (scan->next_look) self.next_look = instant.now + *scan->next_look;
  co_return std::move(scan->inbox);
}

Task<Result<std::unique_ptr<ports::Candidate>>> PosixSpool::open(ports::InboxEntry entry) {
  auto& self = *impl_;
  // In turn with scans and claims: a lease taken by one must not look to another like a writer.
  auto claim = co_await self.offload.in_turn(
      [&self, entry = std::move(entry), settings = self.inbox] { return Claim::open(self.folders, entry, settings); });
  if (!claim) co_return std::unexpected(claim.error());
  co_return std::make_unique<PosixCandidate>(self.offload, self.rounds, std::move(*claim));
}

Task<Result<std::vector<JobId>>> PosixSpool::claimed() {
  const auto all = co_await remains();
  if (!all) co_return std::unexpected(all.error());
  std::vector<JobId> jobs;
  for (const auto& one : *all) {
    if (one.claimed) jobs.push_back(one.job);
  }
  co_return jobs;
}

Task<Result<std::vector<Remains>>> PosixSpool::remains() {
  return impl_->offload.anywhere([&self = *impl_] { return list_remains(self.folders); });
}

Task<Result<bool>> PosixSpool::claim_completed(JobId job, std::string name, ports::FileIdentity source) {
  return impl_->offload.in_turn(
      [&self = *impl_, job, name = std::move(name), source, suffix = impl_->inbox.ready_suffix] {
        return complete_claim(self.folders, job, name, source, suffix);
      });
}

Task<Result<std::unique_ptr<ports::ClaimedFile>>> PosixSpool::read(JobId job) {
  auto& self = *impl_;
  auto bytes = co_await self.offload.anywhere([&self, job] { return ClaimedBytes::open(self.folders, job); });
  if (!bytes) co_return std::unexpected(bytes.error());
  co_return std::make_unique<PosixClaimedFile>(self.offload, std::move(*bytes));
}

Task<Result<std::unique_ptr<ports::Output>>> PosixSpool::create(JobId job, ports::OutputKind kind) {
  auto& self = *impl_;
  co_return std::make_unique<PosixOutput>(self.offload, self.rounds, kind,
                                          std::make_shared<Temporary>(self.folders, state_name(job, kind)));
}

Task<Result<void>> PosixSpool::discard(JobId job) {
  return impl_->offload.anywhere([&self = *impl_, job] { return spool::discard(self.folders, job); });
}

Task<Result<void>> PosixSpool::publish(JobId job, std::string dropped_name) {
  auto& self = *impl_;
  for (const auto what : {Published::rows, Published::summary}) {
    auto moved = co_await self.offload.anywhere(
        [&self, job, name = dropped_name, what] { return spool::publish(self.folders, job, name, what); });
    if (!moved) co_return std::unexpected(moved.error());
    if (auto durable = co_await self.rounds.sync(*std::move(moved)); !durable) co_return durable;
  }
  co_return Result<void>{};
}

Task<Result<void>> PosixSpool::archive(JobId job, std::string dropped_name) {
  auto& self = *impl_;
  auto moved = co_await self.offload.anywhere(
      [&self, job, name = std::move(dropped_name)] { return spool::archive(self.folders, job, name); });
  if (!moved) co_return std::unexpected(moved.error());
  auto durable = co_await self.rounds.sync(*std::move(moved));
  SLUICE_FAILPOINT("spool.after_archive");
  co_return durable;
}

Task<Result<void>> PosixSpool::reject(JobId job, std::string dropped_name, std::string reason) {
  return impl_->offload.anywhere([&self = *impl_, job, name = std::move(dropped_name), reason = std::move(reason)] {
    return spool::reject(self.folders, job, name, reason);
  });
}

Task<Result<void>> PosixSpool::progress(JobId job, std::string dropped_name, std::string line) {
  return impl_->offload.anywhere([&self = *impl_, job, name = std::move(dropped_name), line = std::move(line)] {
    return show_progress(self.folders, job, name, line);
  });
}

Task<Result<std::size_t>> PosixSpool::remove(JobId job, std::string dropped_name, ports::Kept kept) {
  return impl_->offload.anywhere([&self = *impl_, job, name = std::move(dropped_name), kept] {
    return remove_kept(self.folders, job, name, kept);
  });
}

Task<Result<std::uint64_t>> PosixSpool::free_bytes() {
  return impl_->offload.anywhere([&self = *impl_]() -> Result<std::uint64_t> {
    const auto state = free_in(self.folders, Folder::state);
    const auto outbox = state ? free_in(self.folders, Folder::outbox) : state;
    if (!outbox) return outbox;
    return std::min(*state, *outbox);
  });
}

}  // namespace sluice::adapters::spool
