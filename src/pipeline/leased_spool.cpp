#include "leased_spool.hpp"

#include <utility>

#include "sluice/text/words/jobs.hpp"
#include "sluice/text/words/line.hpp"

namespace sluice::pipeline {

namespace words = text::words;

using ports::Task;

namespace {

class LeasedCandidate final : public ports::Candidate {
 public:
  LeasedCandidate(std::unique_ptr<ports::Candidate> file, LeasedSpool& spool) : file_(std::move(file)), spool_(spool) {}
  const std::string& name() const override { return file_->name(); }
  const ports::FileIdentity& identity() const override { return file_->identity(); }
  Task<Result<void>> take(JobId job) override {
    if (auto alone = co_await spool_.claims_alone(*file_, job); !alone) co_return alone;
    // The job was announced before: another host may have found by now that its file never came, and claimed it itself.
    if (auto leased = spool_.leased(); !leased) co_return leased;
    co_return co_await file_->take(job);
  }

 private:
  std::unique_ptr<ports::Candidate> file_;
  LeasedSpool& spool_;
};

/// Neither by its device, which every machine numbers for itself, nor by its ctime, which a new name changes.
bool claims(const ports::JobHeader& job, const ports::Candidate& file) {
  const auto& theirs = job.source;
  const auto& ours = file.identity();
  return job.name == file.name() && theirs.inode == ours.inode && theirs.size == ours.size &&
         theirs.mtime_ns == ours.mtime_ns;
}

}  // namespace

Result<void> LeasedSpool::leased() const {
  if (clock_.now() < hosts_.lease_until()) return {};
  return fail(ErrorKind::io, words::lease_is_over());
}

/// Each host announces its claim before it looks, so that of two at least one sees the other; if both do, both come
/// back later. The others' first: what is taken over from one of them in between is among our own then.
Task<Result<void>> LeasedSpool::claims_alone(const ports::Candidate& file, JobId job) {
  const auto elsewhere = co_await hosts_.jobs_elsewhere();
  if (!elsewhere) co_return std::unexpected(elsewhere.error());
  for (const auto& other : *elsewhere) {
    if (claims(other.job, file)) co_return fail(ErrorKind::busy, words::claimed_elsewhere(other.host, other.job.id));
  }
  const auto own = co_await ledger_.open_jobs();
  if (!own) co_return std::unexpected(own.error());
  for (const auto& other : *own) {
    if (other.id != job && claims(other, file)) co_return fail(ErrorKind::busy, words::waits_for_equal(other.id));
  }
  co_return Result<void>{};
}

Task<Result<std::unique_ptr<ports::Candidate>>> LeasedSpool::open(ports::InboxEntry entry) {
  auto opened = co_await spool_.open(std::move(entry));
  if (!opened) co_return opened;
  co_return std::make_unique<LeasedCandidate>(std::move(*opened), *this);
}

Task<Result<bool>> LeasedSpool::claim_completed(JobId job, std::string name, ports::FileIdentity source) {
  if (auto ours = leased(); !ours) co_return std::unexpected(ours.error());
  co_return co_await spool_.claim_completed(job, std::move(name), source);
}

Task<Result<std::unique_ptr<ports::Output>>> LeasedSpool::create(JobId job, ports::OutputKind kind) {
  if (auto ours = leased(); !ours) co_return std::unexpected(ours.error());
  co_return co_await spool_.create(job, kind);
}

Task<Result<void>> LeasedSpool::discard(JobId job) {
  if (auto ours = leased(); !ours) co_return ours;
  co_return co_await spool_.discard(job);
}

Task<Result<void>> LeasedSpool::publish(JobId job, std::string dropped_name) {
  if (auto ours = leased(); !ours) co_return ours;
  co_return co_await spool_.publish(job, std::move(dropped_name));
}

Task<Result<void>> LeasedSpool::archive(JobId job, std::string dropped_name) {
  if (auto ours = leased(); !ours) co_return ours;
  co_return co_await spool_.archive(job, std::move(dropped_name));
}

Task<Result<void>> LeasedSpool::reject(JobId job, std::string dropped_name, std::string reason) {
  if (auto ours = leased(); !ours) co_return ours;
  co_return co_await spool_.reject(job, std::move(dropped_name), std::move(reason));
}

Task<Result<void>> LeasedSpool::progress(JobId job, std::string dropped_name, std::string line) {
  if (auto ours = leased(); !ours) co_return ours;
  co_return co_await spool_.progress(job, std::move(dropped_name), std::move(line));
}

Task<Result<std::size_t>> LeasedSpool::remove(JobId job, std::string dropped_name, ports::Kept kept) {
  if (auto ours = leased(); !ours) co_return std::unexpected(ours.error());
  co_return co_await spool_.remove(job, std::move(dropped_name), kept);
}

}  // namespace sluice::pipeline
