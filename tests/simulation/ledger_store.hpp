#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sluice/ports/ledger.hpp"

namespace sluice::simulation {

/// What is durable in the ledger: survives every crash. Changes arrive whole commits at a time. Under the simulated
/// ledger and the one in memory of the pipeline's tests: both keep the ledger's contract through it.
class LedgerStore {
 public:
  void apply(const std::vector<ports::Change>& changes);
  /// Whether the day's caps leave room for them.
  bool has_room(const std::vector<ports::Change>& changes) const;

  const std::map<std::uint64_t, ports::JobHeader>& jobs() const { return jobs_; }
  const std::map<BatchId, ports::Batch>& batches() const { return batches_; }
  /// Settled rows of a job, by row number.
  const std::map<std::uint64_t, records::RowResult>& rows(std::uint64_t job) const;
  const std::vector<ports::Doubt>& doubts() const { return doubts_; }

  // As ports::Ledger asks:
  std::vector<ports::JobHeader> open_jobs() const;
  std::optional<ports::JobHeader> job(JobId id) const;
  std::vector<ports::JobHeader> jobs_with_content(const std::string& content_hash, WallTime since) const;
  std::vector<ports::JobHeader> jobs_before(std::optional<JobId> before, std::size_t limit) const;
  std::vector<ports::JobHeader> ended_jobs(std::size_t limit) const;
  std::vector<ports::JobHeader> jobs_ended(ports::JobState state, WallTime since, WallTime before) const;
  std::vector<ports::Batch> batches(JobId job, ports::BatchSet which, BatchId after, std::size_t limit) const;
  std::vector<records::RowResult> rows(JobId job, std::uint64_t after, std::size_t limit) const;
  std::vector<ports::Doubt> doubts(WallTime now) const;
  std::uint64_t first_sends(std::uint32_t day) const;
  /// All in one page.
  ports::HistoryPage history(const ports::HistoryQuery& query) const;
  ports::PlacedPage placed(WallTime since) const;
  std::string note(const ports::NoteKey& key) const;
  ports::Ledger::Numbers numbers() const { return numbers_; }
  std::uint64_t reserve_jobs(std::uint64_t count);

 private:
  void change(const ports::PutJob& put);
  void change(const ports::PutHold& put);
  void change(const ports::AddCounts& add);
  void change(const ports::ForgetSurvey& forget);
  void change(const ports::PutRows& put);
  void change(const ports::PutBatches& put);
  void change(const ports::DropBatch& drop);
  void change(const ports::CountFirstSends& count);
  void change(const ports::PutDoubts& put);
  void change(const ports::DropDoubts& drop);
  void change(const ports::ResolveDoubts& resolve);
  void change(const ports::ForgetRows& forget);
  void change(const ports::Remember& remember);
  void change(const ports::ForgetHistory& forget);
  void change(const ports::PutNote& put);

  std::map<std::uint64_t, ports::JobHeader> jobs_;
  std::map<std::uint64_t, std::map<std::uint64_t, records::RowResult>> rows_;
  std::map<BatchId, ports::Batch> batches_;
  std::map<std::uint32_t, std::uint64_t> first_sends_;
  std::vector<ports::Doubt> doubts_;
  std::vector<ports::Remember> history_;
  std::map<std::string, std::string> notes_;
  ports::Ledger::Numbers numbers_;
  std::uint64_t reserved_job_ = 0;
};

}  // namespace sluice::simulation
