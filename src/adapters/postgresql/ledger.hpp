#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "postgresql/membership.hpp"
#include "postgresql/server.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::adapters::postgresql {

/// The ledger as a schema of PostgreSQL, which several hosts share, and one thread with a connection of its own.
///
/// All commits that wait when the thread comes round share one transaction and one round trip; if it fails, each is
/// tried again by itself. Every commit proves that this host was not taken over. Reads run after the commits that were
/// queued before them. Results come on the caller's associated executor.
///
/// Errors: no_space, io, no_handles, permission, busy: nothing was applied, the same commit may be tried again. When
/// the connection broke during a commit it is first found out whether it happened, for up to two minutes; what then
/// is still unknown ends as `fenced`. elsewhere, stale: as ports::Ledger says. corrupt, fenced: sticky. Cancellation:
/// none. Lifetime: the destructor carries out what is queued and joins the thread; executors of waiting callers must
/// outlive it.
class PostgresLedger final : public ports::Ledger {
 public:
  /// Blocks. `host`: what join() gave this process; none: it is only looked at (`status`), and the open jobs are those
  /// of the host of that name. The schema must be there.
  /// Kinds: missing, config, permission, io and others as Connection::open().
  static Result<std::unique_ptr<PostgresLedger>> open(Server server, std::optional<Membership> host,
                                                      std::string looks_as = {});
  ~PostgresLedger() override;
  PostgresLedger(const PostgresLedger&) = delete;
  PostgresLedger& operator=(const PostgresLedger&) = delete;

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
  explicit PostgresLedger(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::adapters::postgresql
