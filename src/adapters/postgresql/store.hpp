#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "postgresql/connection.hpp"
#include "postgresql/membership.hpp"
#include "postgresql/server.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::adapters::postgresql {

using ports::Changes;

/// The ledger as plain calls, for the one thread that owns it. After damage was met once, or another host has taken
/// over, every call fails with it. A connection that was lost is opened again by the next call.
class Store {
 public:
  /// Without a membership it is only looked at, as the host of that name: every commit is refused with kind
  /// `permission`.
  Store(Server server, Connection connection, std::optional<Membership> host, std::string looks_as = {});

  /// Commits all of them in one round trip, or, where that fails, each by itself. One result each, in order.
  std::vector<Result<void>> commit(std::span<const Changes* const> commits);

  Result<std::vector<ports::JobHeader>> open_jobs();
  Result<std::optional<ports::JobHeader>> job(JobId id);
  Result<std::vector<ports::JobHeader>> jobs_with_content(const std::string& content_hash, WallTime since);
  Result<std::vector<ports::JobHeader>> jobs_before(std::optional<JobId> before, std::size_t limit);
  Result<std::vector<ports::JobHeader>> ended_jobs(std::size_t limit);
  Result<std::vector<ports::JobHeader>> jobs_ended(ports::JobState state, WallTime since, WallTime before);
  Result<std::vector<ports::Batch>> batches(JobId job, ports::BatchSet which, BatchId after, std::size_t limit);
  Result<std::vector<records::RowResult>> rows(JobId job, std::uint64_t after, std::size_t limit);
  Result<std::vector<ports::Doubt>> doubts(WallTime now);
  Result<std::uint64_t> first_sends(std::uint32_t day);
  Result<ports::HistoryPage> history(const ports::HistoryQuery& query, std::uint64_t after);
  Result<ports::PlacedPage> placed(WallTime since, std::uint64_t after);
  Result<std::string> note(const std::string& key);
  Result<ports::Ledger::Numbers> numbers();
  Result<std::uint64_t> reserve_jobs(std::uint64_t count);

  /// Whether forgotten answers or orders are still to be deleted.
  bool sweeping() const { return sweeping_ && !sweep_waits_ && !broken_; }
  /// Deletes some hundreds of them. An error puts it off until the next commit.
  void sweep();
  /// From another thread: what waits for the server gives up soon.
  void give_up() { *giving_up_ = true; }

 private:
  Result<void> transact(std::span<const Changes* const> commits);
  Result<void> attempt(std::span<const Changes* const> commits);
  Result<void> settle_unknown(std::uint64_t number);
  Result<bool> ask_outcome(std::uint64_t number);
  Result<void> connected();
  Result<Rows> run(std::string_view sql, const Arguments& arguments = {});
  Result<std::uint64_t> number_of(std::string_view sql, const Arguments& arguments);
  template <class T>
  Result<std::vector<T>> all(std::string_view sql, const Arguments& arguments);
  template <class T>
  Result<std::vector<T>> records(const Rows& rows);
  /// What others may change, and before it the revision that it is at least as new as.
  Result<Rows> read_fact(std::uint64_t& seen, std::string_view sql, const Arguments& arguments);
  Result<std::uint64_t> add_pieces(const Rows& pieces, const ports::HistoryQuery& query,
                                   std::vector<ports::RememberedOrder>& orders);
  Result<ports::HistoryPage> find(const ports::HistoryQuery& query, std::uint64_t after);
  Result<bool> sweep_some();
  Result<std::uint64_t> swept(std::string_view table, std::uint64_t before);
  Error damage(const std::string& what);
  Error kept(Error error);

  Server server_;
  std::optional<Connection> connection_;
  std::optional<Membership> host_;
  std::string name_;
  std::uint64_t last_number_ = 0;  ///< of a commit
  std::uint64_t doubts_seen_ = 0;  ///< the revision that was read with them
  std::uint64_t pause_seen_ = 0;
  bool sweeping_;  ///< at the start, too: the last process may have died before it was through
  bool sweep_waits_ = false;
  std::optional<Error> broken_;
  std::unique_ptr<std::atomic<bool>> giving_up_ = std::make_unique<std::atomic<bool>>(false);
};

}  // namespace sluice::adapters::postgresql
