#include "leased_spool.hpp"

#include <utility>

#include "sluice/text/words/line.hpp"

namespace sluice::pipeline {

using ports::Task;

namespace {

class LeasedCandidate final : public ports::Candidate {
 public:
  LeasedCandidate(std::unique_ptr<ports::Candidate> file, const LeasedSpool& spool)
      : file_(std::move(file)), spool_(spool) {}
  const std::string& name() const override { return file_->name(); }
  const ports::FileIdentity& identity() const override { return file_->identity(); }
  Task<Result<void>> take(JobId job) override {
    // The job was announced before: another host may have found by now that its file never came, and claimed it itself.
    if (auto leased = spool_.leased(); !leased) co_return leased;
    co_return co_await file_->take(job);
  }

 private:
  std::unique_ptr<ports::Candidate> file_;
  const LeasedSpool& spool_;
};

}  // namespace

Result<void> LeasedSpool::leased() const {
  if (clock_.now() < hosts_.lease_until()) return {};
  return fail(ErrorKind::io, text::words::lease_is_over());
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
