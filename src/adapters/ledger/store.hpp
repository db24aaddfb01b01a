#pragma once

#include <SQLiteCpp/Exception.h>
#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ledger/connection.hpp"
#include "ledger/statements.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::adapters::ledger {

using ports::Changes;

/// The open ledger as plain calls, for the one thread that owns it. After damage was met once, every call fails with
/// it.
class Store {
 public:
  Store(std::string path, OpenedLedger opened, bool read_only);

  /// Commits all of them with one fsync, or, where that fails, each by itself. One result each, in order.
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
  /// Deletes a few thousand of them, in a transaction of their own. An error puts it off until the next commit.
  void sweep();
  /// A disk is waited for: there is no telling when it gives up.
  void give_up() {}

 private:
  Result<void> transact(std::span<const Changes* const> commits);
  Result<void> still_there();
  void leave_transaction();
  Result<void> has_room_today(const ports::Change& change);
  bool sweep_some();
  bool sweep_history();
  template <class T>
  Result<std::vector<T>> all(Use& use);
  template <class Call>
  auto guarded(Call call) -> decltype(call());
  Error failure(const SQLite::Exception& exception);
  Error damage(const std::string& what);
  bool folder_is_the_same() const;

  std::string path_;
  std::optional<std::pair<dev_t, ino_t>> folder_;  ///< where it was opened
  std::unique_ptr<SQLite::Database> database_;
  Statements statements_;
  bool read_only_;
  bool sweeping_;  ///< at the start, too: the last process may have died before it was through
  bool sweep_waits_ = false;
  std::uint64_t reserved_job_ = 0;  ///< the highest number given away, which no job may bear yet
  std::optional<Error> broken_;
};

/// The one place where what SQLite throws becomes an Error.
template <class Call>
auto Store::guarded(Call call) -> decltype(call()) {
  if (broken_) return std::unexpected(*broken_);
  try {
    return call();
  } catch (const SQLite::Exception& exception) {
    return std::unexpected(failure(exception));
  }
}

}  // namespace sluice::adapters::ledger
