#pragma once

#include <memory>
#include <string>

#include "sluice/adapters/ledger/options.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::adapters::ledger {

/// The ledger as one SQLite file (WAL, synchronous=FULL) and one thread that owns it.
///
/// All commits that wait when the thread comes round share one transaction, and so one fsync; if that transaction
/// fails, each is tried again by itself, so that one that can't be stored doesn't take the others along. Reads run
/// after the commits that were queued before them. Results come on the caller's associated executor, after the fsync.
///
/// Errors: no_space, io, no_handles, permission, busy: nothing was applied, the ledger stays usable, the same commit
/// may be tried again. corrupt: sticky, every later call fails alike. Cancellation: none; a commit that was queued is
/// carried out. Lifetime: the destructor carries out what is queued and joins the thread; executors of waiting callers
/// must outlive it.
class SqliteLedger final : public ports::Ledger {
 public:
  /// Blocks (it checks the whole file: some seconds a GB). Creates a missing ledger with mode 0600. Kinds: corrupt
  /// (fails its check), config (not a ledger, or one of a newer version), missing, io, no_space, permission, busy.
  static Result<std::unique_ptr<SqliteLedger>> open(std::string path, const Options& options = {});
  ~SqliteLedger() override;
  SqliteLedger(const SqliteLedger&) = delete;
  SqliteLedger& operator=(const SqliteLedger&) = delete;

  /// Created by this very open: with claimed files in state/, a ledger was lost (`sluice recover`).
  bool created() const;

  ports::Task<Result<void>> commit(ports::Changes changes) override;
  ports::Task<Result<std::vector<ports::JobHeader>>> open_jobs() override;
  ports::Task<Result<std::optional<ports::JobHeader>>> job(JobId id) override;
  ports::Task<Result<std::vector<ports::JobHeader>>> jobs_with_content(std::string content_hash,
                                                                       WallTime since) override;
  ports::Task<Result<std::vector<ports::JobHeader>>> jobs_before(std::optional<JobId> before,
                                                                 std::size_t limit) override;
  ports::Task<Result<std::vector<ports::JobHeader>>> ended_jobs(std::size_t limit) override;
  ports::Task<Result<std::vector<ports::Batch>>> batches(JobId job, ports::BatchSet which, BatchId after,
                                                         std::size_t limit) override;
  ports::Task<Result<std::vector<records::RowResult>>> rows(JobId job, std::uint64_t after, std::size_t limit) override;
  ports::Task<Result<std::vector<ports::JobHeader>>> jobs_ended(ports::JobState state, WallTime since,
                                                                WallTime before) override;
  ports::Task<Result<std::vector<ports::Doubt>>> doubts(WallTime now) override;
  ports::Task<Result<std::uint64_t>> first_sends(std::uint32_t day) override;
  ports::Task<Result<ports::HistoryPage>> history(ports::HistoryQuery query, std::uint64_t after) override;
  ports::Task<Result<ports::PlacedPage>> placed(WallTime since, std::uint64_t after) override;
  ports::Task<Result<std::string>> note(ports::NoteKey key) override;
  ports::Task<Result<Numbers>> numbers() override;
  ports::Task<Result<std::uint64_t>> reserve_jobs(std::uint64_t count) override;

 private:
  class Impl;
  explicit SqliteLedger(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::adapters::ledger
