#include "sim_spool.hpp"

#include <algorithm>

#include "sim_spool_handles.hpp"
#include "sluice/ports/file_names.hpp"

namespace sluice::simulation {

using ports::OutputKind;
using ports::Task;

namespace {
constexpr std::string_view kClaimed = ".claimed";
}

std::string claimed_name(JobId job) {
  return to_string(job) + std::string(kClaimed);
}

std::string copied_name(JobId job) {
  return claimed_name(job) + ".copy";
}

std::string temporary_name(JobId job, OutputKind kind) {
  return fmt::format("{}.{}.tmp", to_string(job), static_cast<int>(kind));
}

void SpoolWitness::publishes(const Disk& disk, JobId job, OutputKind kind) {
  if (ledger && ledger->jobs().at(job.n).state != ports::JobState::staged) {
    violations.push_back("I6: an output is published before the ledger says *staged*");
  }
  if (kind != OutputKind::summary) return;
  for (const auto other : {OutputKind::results, OutputKind::failures, OutputKind::in_doubt}) {
    if (disk.find(Folder::state, temporary_name(job, other))) violations.push_back("I6: the summary is not the last");
  }
}

SimSpool::SimSpool(Life& life, Disk& disk, const Clocks& clocks, const Weather& weather, SpoolWitness& witness)
    : life_(life), disk_(disk), clocks_(clocks), weather_(weather), witness_(witness), bell_(life) {}

std::int64_t SimSpool::now_ns() const {
  return std::chrono::duration_cast<Nanos>(clocks_.wall(life_.now()).time_since_epoch()).count() +
         life_.now().count() % 1'000'000;
}

Task<Result<void>> SimSpool::enter(std::string_view what, bool writes) {
  writing_ += writes ? 1 : 0;
  co_await life_.pass(life_.random().between(Nanos(5'000), Nanos(400'000)), what);
  writing_ -= writes ? 1 : 0;
  life_.trace()(life_.now(), "spool {}", what);
  if (writes && weather_.disk_full) co_return fail(ErrorKind::no_space, "No space left on device");
  if (life_.random().per_mille(weather_.disk_error)) {
    constexpr ErrorKind kinds[] = {ErrorKind::io, ErrorKind::no_handles, ErrorKind::permission, ErrorKind::no_space};
    const auto kind = kinds[life_.random().below(writes ? 4 : 3)];
    life_.trace()(life_.now(), "spool {} fails with {}", what, static_cast<int>(kind));
    co_return fail(kind, "simulated disk fault");
  }
  co_return Result<void>{};
}

Task<void> SimSpool::wait_for_change(Boottime until) {
  co_await bell_.wait(clocks_.virtual_time(until));
}

Task<Result<ports::InboxScan>> SimSpool::scan() {
  if (auto entered = co_await enter("scan", false); !entered) co_return std::unexpected(entered.error());
  ports::InboxScan inbox;
  for (const auto& [name, file] : disk_.names(Folder::inbox)) {
    if (ports::left_alone(name)) continue;
    const bool mistaken = life_.random().per_mille(weather_.unsettled_file);
    const bool ready = file->being_written == mistaken;
    inbox.entries.push_back({name, Disk::identity(*file), file->owner, ready, ready ? "" : "still being written"});
  }
  std::ranges::sort(inbox.entries, {}, [](const ports::InboxEntry& entry) {
    return std::pair(entry.identity.mtime_ns, entry.identity.inode);
  });
  co_return inbox;
}

Task<Result<std::unique_ptr<ports::Candidate>>> SimSpool::open(ports::InboxEntry entry) {
  if (auto entered = co_await enter("open", false); !entered) co_return std::unexpected(entered.error());
  const File file = disk_.find(Folder::inbox, entry.name);
  if (!file) co_return fail(ErrorKind::missing, "gone from the inbox");
  if (Disk::identity(*file) != entry.identity) co_return fail(ErrorKind::changed, "changed since the scan");
  if (file->being_written && !life_.random().per_mille(weather_.unsettled_file)) {
    co_return fail(ErrorKind::busy, "still being written");
  }
  co_return std::make_unique<SimCandidate>(*this, entry.name, file);
}

Task<Result<std::vector<JobId>>> SimSpool::claimed() {
  if (auto entered = co_await enter("claimed", false); !entered) co_return std::unexpected(entered.error());
  std::vector<JobId> jobs;
  for (const auto& [name, file] : disk_.names(Folder::state)) {
    if (!name.ends_with(kClaimed)) continue;
    jobs.push_back(*parse_job_id(std::string_view(name).substr(0, name.size() - kClaimed.size())));
  }
  std::ranges::sort(jobs);
  co_return jobs;
}

Task<Result<bool>> SimSpool::claim_completed(JobId job, std::string name, ports::FileIdentity source) {
  if (auto entered = co_await enter("claim_completed", true); !entered) co_return std::unexpected(entered.error());
  const std::string copy = copied_name(job);
  if (disk_.find(Folder::state, copy)) disk_.remove(Folder::state, copy);
  disk_.sync(Folder::state);
  if (!disk_.find(Folder::state, claimed_name(job))) co_return false;
  const File left = disk_.find(Folder::inbox, name);
  if (left && Disk::identity(*left) == source) disk_.remove(Folder::inbox, name);
  disk_.sync(Folder::inbox);
  disk_.sync(Folder::state);
  co_return true;
}

Task<Result<std::unique_ptr<ports::ClaimedFile>>> SimSpool::read(JobId job) {
  if (auto entered = co_await enter("read", false); !entered) co_return std::unexpected(entered.error());
  const File file = disk_.find(Folder::state, claimed_name(job));
  if (!file) co_return fail(ErrorKind::missing, "the claimed file is gone");
  co_return std::make_unique<SimClaimedFile>(*this, claimed_name(job), file);
}

Task<Result<std::unique_ptr<ports::Output>>> SimSpool::create(JobId job, OutputKind kind) {
  if (auto entered = co_await enter("create", true); !entered) co_return std::unexpected(entered.error());
  const std::string name = temporary_name(job, kind);
  if (disk_.find(Folder::state, name)) disk_.remove(Folder::state, name);
  const File file = disk_.create(Folder::state, name, now_ns());
  co_return std::make_unique<SimOutput>(*this, job, kind, file);
}

Task<Result<void>> SimSpool::discard(JobId job) {
  if (auto entered = co_await enter("discard", true); !entered) co_return entered;
  for (const auto kind : ports::kEveryOutput) {
    const std::string name = temporary_name(job, kind);
    if (disk_.find(Folder::state, name)) disk_.remove(Folder::state, name);
  }
  disk_.sync(Folder::state);
  co_return Result<void>{};
}

Task<Result<void>> SimSpool::publish(JobId job, std::string dropped_name) {
  for (const auto kind : ports::kEveryOutput) {
    if (auto entered = co_await enter("publish", true); !entered) co_return entered;
    if (kind == OutputKind::summary) disk_.sync(Folder::outbox);
    const std::string from = temporary_name(job, kind);
    const std::string to = ports::output_name(dropped_name, job, kind);
    if (!disk_.find(Folder::state, from)) continue;
    if (disk_.find(Folder::outbox, to)) co_return fail(ErrorKind::exists, to + " is taken");
    witness_.publishes(disk_, job, kind);
    disk_.rename(Folder::state, from, Folder::outbox, to, now_ns());
    life_.trace()(life_.now(), "published {}", to);
  }
  if (auto synced = co_await enter("publish: sync", true); !synced) co_return synced;
  disk_.sync(Folder::outbox);
  disk_.sync(Folder::state);
  co_await life_.pass(Nanos(20'000), "published");
  co_return Result<void>{};
}

Task<Result<void>> SimSpool::archive(JobId job, std::string dropped_name) {
  if (auto entered = co_await enter("archive", true); !entered) co_return entered;
  const std::string to = ports::archived_name(dropped_name, job);
  if (disk_.find(Folder::state, claimed_name(job))) {
    if (disk_.find(Folder::archive, to)) co_return fail(ErrorKind::exists, to + " is taken");
    disk_.rename(Folder::state, claimed_name(job), Folder::archive, to, now_ns());
  }
  if (auto synced = co_await enter("archive: sync", true); !synced) co_return synced;
  disk_.sync(Folder::state);
  disk_.sync(Folder::archive);
  co_await life_.pass(Nanos(20'000), "archived");
  co_return Result<void>{};
}

Task<Result<void>> SimSpool::reject(JobId job, std::string dropped_name, std::string reason) {
  if (auto entered = co_await enter("reject", true); !entered) co_return entered;
  const std::string words = ports::reason_name(dropped_name, job);
  if (!disk_.find(Folder::rejected, words)) {
    const File file = disk_.create(Folder::rejected, words, now_ns());
    disk_.append(file, reason, now_ns());
    disk_.sync(file);
  }
  disk_.sync(Folder::rejected);
  if (auto synced = co_await enter("reject: rename", true); !synced) co_return synced;
  if (disk_.find(Folder::state, claimed_name(job))) {
    disk_.rename(Folder::state, claimed_name(job), Folder::rejected, ports::archived_name(dropped_name, job), now_ns());
  }
  disk_.sync(Folder::state);
  disk_.sync(Folder::rejected);
  co_await life_.pass(Nanos(20'000), "rejected");
  co_return Result<void>{};
}

Task<Result<void>> SimSpool::progress(JobId job, std::string dropped_name, std::string line) {
  if (auto entered = co_await enter("progress", true); !entered) co_return entered;
  const std::string name = ports::progress_name(dropped_name, job);
  if (disk_.find(Folder::outbox, name)) disk_.remove(Folder::outbox, name);
  if (!line.empty()) disk_.append(disk_.create(Folder::outbox, name, now_ns()), line, now_ns());
  co_return Result<void>{};
}

Task<Result<std::uint64_t>> SimSpool::free_bytes() {
  if (auto entered = co_await enter("free_bytes", false); !entered) co_return std::unexpected(entered.error());
  co_return weather_.disk_full ? 0 : 1ULL << 40;
}

}  // namespace sluice::simulation
