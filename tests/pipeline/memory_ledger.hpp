#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "simulation/ledger_store.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::pipeline {

/// The simulation's ledger without its time and its weather: durable at once, or failing when told to.
class MemoryLedger : public ports::Ledger {
 public:
  ports::Task<Result<void>> commit(ports::Changes changes) override {
    if (while_committing) co_await while_committing();
    if (failing) co_return std::unexpected(*failing);
    if (auto why = refuse ? refuse(changes) : std::nullopt) co_return std::unexpected(*why);
    if (!store.has_room(changes)) co_return fail(ErrorKind::stale, "");
    store.apply(changes);
    if (committed) committed(changes);
    co_return Result<void>{};
  }
  ports::Task<Result<std::vector<ports::JobHeader>>> open_jobs() override { co_return store.open_jobs(); }
  ports::Task<Result<std::optional<ports::JobHeader>>> job(JobId id) override { co_return store.job(id); }
  ports::Task<Result<std::vector<ports::JobHeader>>> jobs_with_content(std::string hash, WallTime since) override {
    co_return store.jobs_with_content(hash, since);
  }
  ports::Task<Result<std::vector<ports::JobHeader>>> jobs_before(std::optional<JobId> before,
                                                                 std::size_t limit) override {
    co_return store.jobs_before(before, limit);
  }
  ports::Task<Result<std::vector<ports::JobHeader>>> ended_jobs(std::size_t limit) override {
    co_return store.ended_jobs(limit);
  }
  ports::Task<Result<std::vector<ports::Batch>>> batches(JobId job, ports::BatchSet which, BatchId after,
                                                         std::size_t limit) override {
    if (asked) asked();
    if (after > BatchId{} && next_pages_failing) co_return std::unexpected(*next_pages_failing);
    co_return store.batches(job, which, after, limit);
  }
  ports::Task<Result<std::vector<records::RowResult>>> rows(JobId job, std::uint64_t after,
                                                            std::size_t limit) override {
    co_return store.rows(job, after, limit);
  }
  ports::Task<Result<std::vector<ports::JobHeader>>> jobs_ended(ports::JobState state, WallTime since,
                                                                WallTime before) override {
    co_return store.jobs_ended(state, since, before);
  }
  ports::Task<Result<std::vector<ports::Doubt>>> doubts(WallTime now) override { co_return store.doubts(now); }
  ports::Task<Result<std::uint64_t>> first_sends(std::uint32_t day) override { co_return store.first_sends(day); }
  ports::Task<Result<ports::HistoryPage>> history(ports::HistoryQuery query, std::uint64_t) override {
    co_return store.history(query);
  }
  ports::Task<Result<ports::PlacedPage>> placed(WallTime since, std::uint64_t) override {
    co_return store.placed(since);
  }
  ports::Task<Result<std::string>> note(ports::NoteKey key) override { co_return store.note(key); }
  ports::Task<Result<Numbers>> numbers() override { co_return store.numbers(); }
  ports::Task<Result<std::uint64_t>> reserve_jobs(std::uint64_t count) override { co_return store.reserve_jobs(count); }

  // What a test finds or arranges.
  const ports::JobHeader& header(JobId job) const { return store.jobs().at(job.n); }
  const ports::Batch& batch(std::uint64_t id) const { return store.batches().at(BatchId{id}); }
  void put(ports::Batch batch) { store.apply({ports::PutBatches{{std::move(batch)}}}); }
  void settle(JobId job, std::uint64_t row, records::Outcome outcome) {
    ports::Counts counts{};
    ++counts[outcome];
    store.apply({ports::PutRows{job, {{.row = row, .outcome = outcome}}}, ports::AddCounts{job, counts, 0}});
  }

  simulation::LedgerStore store;
  std::optional<Error> failing;
  std::function<std::optional<Error>(const std::vector<ports::Change>&)>
      refuse;                               ///< a commit, for what another host did
  std::optional<Error> next_pages_failing;  ///< of batches()
  std::function<void()> asked;              ///< for batches
  std::function<ports::Task<void>()> while_committing;
  std::function<void(const std::vector<ports::Change>&)> committed;  ///< hears of each commit once it is durable
};

}  // namespace sluice::pipeline
