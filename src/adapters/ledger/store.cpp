#include "ledger/store.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <filesystem>

#include "ledger/changes.hpp"
#include "ledger/connection.hpp"
#include "ledger/history.hpp"
#include "packing/answers.hpp"
#include "packing/fields.hpp"
#include "posix/error.hpp"
#include "sluice/base/failpoint.hpp"
#include "sluice/text/words/state.hpp"

namespace sluice::adapters::ledger {

namespace {

constexpr std::uint64_t kSweepPieces = 512;  // a few milliseconds: what a commit may have to wait for

bool forgets(const Changes& changes) {
  return std::ranges::any_of(changes, [](const ports::Change& change) {
    return std::holds_alternative<ports::ForgetRows>(change) || std::holds_alternative<ports::ForgetSurvey>(change) ||
           std::holds_alternative<ports::ForgetHistory>(change);
  });
}

std::int64_t sql_number(std::optional<JobId> job) {
  constexpr std::uint64_t kHighest = INT64_MAX;
  return static_cast<std::int64_t>(std::min(job ? job->n : kHighest, kHighest));
}

std::int64_t sql_limit(std::size_t limit) {
  return static_cast<std::int64_t>(std::min(limit, static_cast<std::size_t>(INT64_MAX)));
}

std::uint64_t highest(Statements& statements, Number what) {
  Use use = statements.use(Sql::number);
  return use.with(what).step() ? static_cast<std::uint64_t>(use.number()) : 0;
}

std::optional<std::pair<dev_t, ino_t>> folder_of(const std::string& path) {
  struct stat s{};
  const auto folder = std::filesystem::path(path).parent_path();
  if (::stat(folder.empty() ? "." : folder.c_str(), &s) != 0) return std::nullopt;
  return std::pair{s.st_dev, s.st_ino};
}

}  // namespace

Store::Store(std::string path, OpenedLedger opened, bool read_only)
    : path_(std::move(path)),
      folder_(folder_of(path_)),
      database_(std::move(opened.database)),
      statements_(*database_),
      read_only_(read_only),
      sweeping_(!read_only) {}

Error Store::failure(const SQLite::Exception& exception) {
  // SQLite takes a page that the disk did not give (EIO) for a damaged one. Of a disk that gives nothing at all this
  // says nothing of the ledger: what is asked for is tried again.
  const bool damaged = (exception.getErrorCode() & 0xff) == SQLITE_CORRUPT;
  if (auto disk = damaged ? unreadable_now(path_, *database_) : std::nullopt) return *std::move(disk);
  Error error = ledger_error(path_, exception, sqlite3_system_errno(database_->getHandle()));
  // For good: SQLite may read the next page well, but nothing may be sent on the word of a damaged ledger (exit 78).
  if (error.kind == ErrorKind::corrupt) broken_ = error;
  return error;
}

Error Store::damage(const std::string& what) {
  broken_ = damaged_ledger(path_, what);
  return *broken_;
}

std::vector<Result<void>> Store::commit(std::span<const Changes* const> commits) {
  const Result<void> together = transact(commits);
  if (together || commits.size() == 1) return std::vector(commits.size(), together);
  // SQLite undoes a whole transaction when the disk is full or fails, savepoints or not.
  std::vector<Result<void>> results;
  for (const Changes* const& changes : commits) results.push_back(transact(std::span(&changes, 1)));
  return results;
}

Result<void> Store::transact(std::span<const Changes* const> commits) {
  if (read_only_) return fail(ErrorKind::permission, text::words::only_looked_at(path_));
  auto done = guarded([&]() -> Result<void> {
    if (auto there = still_there(); !there) return there;
    leave_transaction();
    // IMMEDIATE: the lock is taken now, not at the first write, when it could be refused half-way.
    statements_.use(Sql::begin).run();
    Applier applier(statements_);
    for (const Changes* changes : commits) {
      for (const auto& change : *changes) {
        if (auto room = has_room_today(change); !room) return room;
        applier.apply(change);
      }
    }
    applier.finish();
    SLUICE_FAILPOINT("ledger.before_commit");
    // With synchronous=FULL this returns when the log is on disk: the one fsync that I2 and I3 stand on.
    statements_.use(Sql::commit).run();
    SLUICE_FAILPOINT("ledger.after_commit");
    return {};
  });
  if (!done && done.error().kind == ErrorKind::stale)
    guarded([&]() -> Result<void> {
      leave_transaction();  // the reads that follow must not find half of it
      return {};
    });
  if (done) {
    // A commit went through, so the disk works again: what could not be swept is tried once more.
    sweep_waits_ = false;
    sweeping_ = sweeping_ || std::ranges::any_of(commits, [](const Changes* changes) { return forgets(*changes); });
  }
  return done;
}

Result<void> Store::has_room_today(const ports::Change& change) {
  const auto* count = std::get_if<ports::CountFirstSends>(&change);
  if (count == nullptr || count->most == 0) return {};
  Use use = statements_.use(Sql::first_sends);
  const auto sent = use.with(count->day).step() ? use.number() : 0;
  if (sent + count->orders <= static_cast<std::int64_t>(count->most)) return {};
  return fail(ErrorKind::stale, "");  // asked again, and never shown
}

// Commits to a file that nobody will find again are no promise; SQLite itself would go on. It says "moved" of a path
// that can't be looked at, too, and that may be over in a moment.
Result<void> Store::still_there() {
  int moved = 0;
  sqlite3_file_control(database_->getHandle(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  if (moved == 0) return {};
  struct stat there{};
  if (::stat(path_.c_str(), &there) != 0 && errno != ENOENT)
    return posix::fail_with(errno, text::words::do_see_ledger(), path_);
  if (!folder_is_the_same()) {
    broken_ = Error{ErrorKind::changed, text::words::ledger_folder_moved(path_)};
    return std::unexpected(*broken_);
  }
  return std::unexpected(damage(text::words::moved_in_use()));
}

bool Store::folder_is_the_same() const {
  return folder_of(path_) == folder_;
}

// What a failure left open. SQLite may have closed it by itself.
void Store::leave_transaction() {
  if (sqlite3_get_autocommit(database_->getHandle()) == 0) statements_.use(Sql::rollback).run();
}

void Store::sweep() {
  const auto more = guarded([&]() -> Result<bool> {
    leave_transaction();
    return sweep_some();
  });
  sweep_waits_ = !more;
  sweeping_ = more.value_or(true);
}

bool Store::sweep_some() {
  std::uint64_t job = 0;
  std::uint64_t edition = 0;
  {
    Use forgotten = statements_.use(Sql::forgotten);
    if (!forgotten.step()) {
      statements_.use(Sql::drop_editions).run();
      return sweep_history();
    }
    Taker taker(forgotten.statement());
    taker.take(job);
    taker.take(edition);
  }
  SLUICE_FAILPOINT("ledger.before_sweep");
  statements_.use(Sql::sweep_answers).with(job, edition, kSweepPieces).run();
  return true;
}

bool Store::sweep_history() {
  const auto before = highest(statements_, Number::forgotten);
  if (before == 0) return false;
  bool more = false;
  for (const auto table : {Sql::sweep_history, Sql::sweep_placed}) {
    statements_.use(table).with(kSweepPieces, before).run();
    more = more || database_->getChanges() > 0;
  }
  statements_.use(Sql::sweep_prints).with(kSweepPieces).run();
  more = more || database_->getChanges() > 0;
  return more;
}

template <class T>
Result<std::vector<T>> Store::all(Use& use) {
  std::vector<T> records;
  while (use.step()) {
    Taker taker(use.statement());
    each_field(records.emplace_back(), taker);
    // A value out of range was not written by us: it is a bit that flipped, and what it would have meant is anybody's
    // guess.
    if (!taker.sound()) return std::unexpected(damage(text::words::record_impossible()));
  }
  return records;
}

Result<std::vector<ports::JobHeader>> Store::open_jobs() {
  return guarded([&] {
    Use use = statements_.use(Sql::open_jobs);
    return all<ports::JobHeader>(use);
  });
}

Result<std::optional<ports::JobHeader>> Store::job(JobId id) {
  return guarded([&]() -> Result<std::optional<ports::JobHeader>> {
    Use use = statements_.use(Sql::job);
    auto found = all<ports::JobHeader>(use.with(id.n));
    if (!found) return std::unexpected(found.error());
    if (found->empty()) return std::nullopt;
    return std::move(found->front());
  });
}

Result<std::vector<ports::JobHeader>> Store::jobs_with_content(const std::string& content_hash, WallTime since) {
  return guarded([&] {
    Use use = statements_.use(Sql::jobs_with_content);
    return all<ports::JobHeader>(use.with(content_hash, since));
  });
}

Result<std::vector<ports::JobHeader>> Store::jobs_before(std::optional<JobId> before, std::size_t limit) {
  return guarded([&] {
    Use use = statements_.use(Sql::jobs_before);
    return all<ports::JobHeader>(use.with(sql_number(before), sql_limit(limit)));
  });
}

Result<std::vector<ports::JobHeader>> Store::ended_jobs(std::size_t limit) {
  return guarded([&] {
    Use use = statements_.use(Sql::ended_jobs);
    return all<ports::JobHeader>(use.with(sql_limit(limit)));
  });
}

Result<std::vector<ports::JobHeader>> Store::jobs_ended(ports::JobState state, WallTime since, WallTime before) {
  return guarded([&] {
    Use use = statements_.use(Sql::jobs_ended);
    return all<ports::JobHeader>(use.with(state, since, before));
  });
}

Result<std::vector<ports::Batch>> Store::batches(JobId job, ports::BatchSet which, BatchId after, std::size_t limit) {
  return guarded([&]() -> Result<std::vector<ports::Batch>> {
    Use use = statements_.use(Sql::batches);
    auto found = all<ports::Batch>(use.with(job.n, which == ports::BatchSet::planned, after, sql_limit(limit)));
    const bool odd = found && std::ranges::any_of(*found, [](const ports::Batch& batch) {
                       return !batch.keys.empty() && batch.keys.size() != batch.rows.size();
                     });
    // Keys guard what is under way when the file is gone: one too few would leave an order unguarded.
    if (odd) return std::unexpected(damage(text::words::batch_lacks_keys()));
    return found;
  });
}

Result<std::vector<records::RowResult>> Store::rows(JobId job, std::uint64_t after, std::size_t limit) {
  return guarded([&]() -> Result<std::vector<records::RowResult>> {
    const std::uint64_t edition = edition_of(statements_, job);
    Use use = statements_.use(Sql::answers);
    use.with(job.n, edition, shelf_of(after + 1));
    ShelvesRead shelves(after, limit);
    while (use.step()) {
      AnswerPiece piece;
      Taker taker(use.statement());
      each_field(piece, taker);
      if (!shelves.add(piece.shelf, piece.packed.bytes))
        return std::unexpected(damage(text::words::answer_unreadable()));
      if (shelves.full()) break;
    }
    return shelves.take();
  });
}

Result<std::vector<ports::Doubt>> Store::doubts(WallTime now) {
  return guarded([&] {
    Use use = statements_.use(Sql::doubts);
    return all<ports::Doubt>(use.with(WallTime(now - ports::kDoubtsKept)));
  });
}

Result<std::uint64_t> Store::first_sends(std::uint32_t day) {
  return guarded([&]() -> Result<std::uint64_t> {
    Use use = statements_.use(Sql::first_sends);
    return use.with(day).step() ? static_cast<std::uint64_t>(use.number()) : 0;
  });
}

Result<ports::HistoryPage> Store::history(const ports::HistoryQuery& query, std::uint64_t after) {
  return guarded([&]() -> Result<ports::HistoryPage> {
    bool sound = true;
    auto page = read_history(statements_, query, after, sound);
    if (!sound) return std::unexpected(damage(text::words::remembered_unreadable()));
    return page;
  });
}

Result<ports::PlacedPage> Store::placed(WallTime since, std::uint64_t after) {
  return guarded([&]() -> Result<ports::PlacedPage> {
    bool sound = true;
    auto page = read_placed(statements_, since, after, sound);
    if (!sound) return std::unexpected(damage(text::words::remembered_unreadable()));
    return page;
  });
}

Result<std::string> Store::note(const std::string& key) {
  return guarded([&]() -> Result<std::string> {
    Use use = statements_.use(Sql::note);
    std::string value;
    if (use.with(key).step()) Taker(use.statement()).take(value);
    return value;
  });
}

Result<ports::Ledger::Numbers> Store::numbers() {
  return guarded([&]() -> Result<ports::Ledger::Numbers> {
    return ports::Ledger::Numbers{.job = highest(statements_, Number::job),
                                  .batch = highest(statements_, Number::batch)};
  });
}

Result<std::uint64_t> Store::reserve_jobs(std::uint64_t count) {
  return guarded([&]() -> Result<std::uint64_t> {
    const auto first = std::max(reserved_job_, highest(statements_, Number::job)) + 1;
    reserved_job_ = first + count - 1;
    return first;
  });
}

}  // namespace sluice::adapters::ledger
