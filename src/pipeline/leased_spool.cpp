#include "leased_spool.hpp"

#include <utility>

#include "sluice/text/words/line.hpp"

namespace sluice::pipeline {

using ports::Task;

namespace {

class LeasedCandidate final : public ports::Candidate {
 public:
  LeasedCandidate(std::unique_ptr<ports::Candidate> file, LeasedSpool& spool) : file_(std::move(file)), spool_(spool) {}
  const std::string& name() const override { return file_->name(); }
  const ports::FileIdentity& identity() const override { return file_->identity(); }
  Task<Result<void>> take(JobId job) override {
    if (auto alone = co_await spool_.claims_alone(*file_); !alone) co_return alone;
    // The job was announced before: another host may have found by now that its file never came, and claimed it itself.
    if (auto leased = spool_.leased(); !leased) co_return leased;
    co_return co_await file_->take(job);
  }

 private:
  std::unique_ptr<ports::Candidate> file_;
  LeasedSpool& spool_;
};

}  // namespace

Result<void> LeasedSpool::leased() const {
  if (clock_.now() < hosts_.lease_until()) return {};
  return fail(ErrorKind::io, text::words::lease_is_over());
}

/// Each host announces its claim before it looks, so that of two at least one sees the other; if both do, both come
/// back later.
Task<Result<void>> LeasedSpool::claims_alone(const ports::Candidate& file) {
  const auto elsewhere = co_await hosts_.jobs_elsewhere();
  if (!elsewhere) co_return std::unexpected(elsewhere.error());
  const auto& ours = file.identity();
  for (const auto& other : *elsewhere) {
    const auto& theirs = other.job.source;
    // Neither its device, which every machine numbers for itself, nor its ctime, which a new name changes.
    const bool same = other.job.name == file.name() && theirs.inode == ours.inode && theirs.size == ours.size &&
                      theirs.mtime_ns == ours.mtime_ns;
    if (same) co_return fail(ErrorKind::busy, text::words::claimed_elsewhere(other.host, other.job.id));
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
