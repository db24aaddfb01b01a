#include <algorithm>
#include <cstdint>

#include "packing/answers.hpp"
#include "postgresql/records.hpp"
#include "postgresql/statements.hpp"
#include "postgresql/store.hpp"
#include "sluice/text/words/state.hpp"

namespace sluice::adapters::postgresql {
namespace {

constexpr std::uint64_t kPieces = 256;  // of answers, read at once
constexpr int kEpochShift = 32;         // a batch's id is its host's epoch and a counter

std::int64_t sql_number(std::optional<JobId> job) {
  constexpr std::uint64_t kHighest = INT64_MAX;
  return static_cast<std::int64_t>(std::min(job ? job->n : kHighest, kHighest));
}

std::int64_t sql_limit(std::size_t limit) {
  return static_cast<std::int64_t>(std::min(limit, static_cast<std::size_t>(INT64_MAX)));
}

}  // namespace

template <class T>
Result<std::vector<T>> Store::records(const Rows& rows) {
  std::vector<T> records;
  records.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    FieldReader reader(rows, i);
    each_field(records.emplace_back(), reader);
    // A value out of range was not written by us: what it would have meant is anybody's guess.
    if (!reader.sound()) return std::unexpected(damage(text::words::record_impossible()));
  }
  return records;
}

template <class T>
Result<std::vector<T>> Store::all(std::string_view sql, const Arguments& arguments) {
  const auto rows = run(sql, arguments);
  if (!rows) return std::unexpected(rows.error());
  return records<T>(*rows);
}

Result<std::uint64_t> Store::number_of(std::string_view sql, const Arguments& arguments) {
  const auto rows = run(sql, arguments);
  if (!rows) return std::unexpected(rows.error());
  return rows->empty() ? 0 : static_cast<std::uint64_t>(rows->number(0, 0));
}

Result<std::vector<ports::JobHeader>> Store::open_jobs() {
  return all<ports::JobHeader>(Statements::get().open_jobs, Arguments().put_text(name_));
}

Result<std::optional<ports::JobHeader>> Store::job(JobId id) {
  auto found = all<ports::JobHeader>(Statements::get().job, Arguments().put(id.n));
  if (!found) return std::unexpected(found.error());
  return found->empty() ? std::nullopt : std::optional(std::move(found->front()));
}

Result<std::vector<ports::JobHeader>> Store::jobs_with_content(const std::string& content_hash, WallTime since) {
  return all<ports::JobHeader>(Statements::get().jobs_with_content, Arguments().put(content_hash).put(since));
}

Result<std::vector<ports::JobHeader>> Store::jobs_before(std::optional<JobId> before, std::size_t limit) {
  return all<ports::JobHeader>(Statements::get().jobs_before,
                               Arguments().put(sql_number(before)).put(sql_limit(limit)));
}

Result<std::vector<ports::JobHeader>> Store::ended_jobs(std::size_t limit) {
  return all<ports::JobHeader>(Statements::get().ended_jobs, Arguments().put(sql_limit(limit)));
}

Result<std::vector<ports::JobHeader>> Store::jobs_ended(ports::JobState state, WallTime since, WallTime before) {
  return all<ports::JobHeader>(Statements::get().jobs_ended, Arguments().put(state).put(since).put(before));
}

Result<std::vector<ports::Batch>> Store::batches(JobId job, ports::BatchSet which, BatchId after, std::size_t limit) {
  auto found =
      all<ports::Batch>(Statements::get().batches,
                        Arguments().put(job.n).put(which == ports::BatchSet::planned).put(after).put(sql_limit(limit)));
  const bool odd = found && std::ranges::any_of(*found, [](const ports::Batch& batch) {
                     return !batch.keys.empty() && batch.keys.size() != batch.rows.size();
                   });
  // Keys guard what is under way when the file is gone: one too few would leave an order unguarded.
  if (odd) return std::unexpected(damage(text::words::batch_lacks_keys()));
  return found;
}

Result<std::vector<records::RowResult>> Store::rows(JobId job, std::uint64_t after, std::size_t limit) {
  packing::ShelvesRead shelves(after, limit);
  packing::AnswerPiece last{.id = 0, .shelf = packing::shelf_of(after + 1), .packed = {}};
  for (;;) {
    auto pieces = all<packing::AnswerPiece>(Statements::get().answers,
                                            Arguments().put(job.n).put(last.shelf).put(last.id).put(kPieces));
    if (!pieces) return std::unexpected(pieces.error());
    for (const auto& piece : *pieces) {
      if (!shelves.add(piece.shelf, piece.packed.bytes))
        return std::unexpected(damage(text::words::answer_unreadable()));
      if (shelves.full()) return shelves.take();
    }
    if (pieces->size() < kPieces) return shelves.take();
    last = std::move(pieces->back());
  }
}

Result<Rows> Store::read_fact(std::uint64_t& seen, std::string_view sql, const Arguments& arguments) {
  if (auto ready = connected(); !ready) return std::unexpected(ready.error());
  // The revision first: what is read behind it may be newer, never older.
  connection_->queue("SELECT revision FROM account");
  connection_->queue(sql, arguments);
  auto rows = connection_->flush();
  if (!rows) return std::unexpected(kept(rows.error()));
  seen = static_cast<std::uint64_t>(rows->front().number(0, 0));
  return std::move(rows->back());
}

Result<std::vector<ports::Doubt>> Store::doubts(WallTime now) {
  const auto rows =
      read_fact(doubts_seen_, Statements::get().doubts, Arguments().put(WallTime(now - ports::kDoubtsKept)));
  if (!rows) return std::unexpected(rows.error());
  return records<ports::Doubt>(*rows);
}

Result<std::string> Store::note(const std::string& key) {
  std::uint64_t unused = 0;
  const bool paused = key == ports::NoteKey(ports::Note::paused).stored();
  const auto rows =
      read_fact(paused ? pause_seen_ : unused, "SELECT value FROM notes WHERE key=$1", Arguments().put_text(key));
  if (!rows) return std::unexpected(rows.error());
  return rows->empty() ? std::string() : std::string(rows->bytes(0, 0));
}

Result<std::uint64_t> Store::first_sends(std::uint32_t day) {
  return number_of("SELECT orders FROM first_sends WHERE day=$1", Arguments().put(day));
}

Result<ports::Ledger::Numbers> Store::numbers() {
  const auto rows = run("SELECT highest FROM numbers ORDER BY what");
  if (!rows) return std::unexpected(rows.error());
  const auto highest = [&](std::size_t row) { return static_cast<std::uint64_t>(rows->number(row, 0)); };
  // No other host, and no earlier start of this one, gives ids of this epoch.
  return ports::Ledger::Numbers{.job = highest(0), .batch = host_ ? host_->epoch << kEpochShift : highest(1)};
}

Result<std::uint64_t> Store::reserve_jobs(std::uint64_t count) {
  const auto last =
      number_of("UPDATE numbers SET highest=highest+$1 WHERE what=1 RETURNING highest", Arguments().put(count));
  if (!last) return std::unexpected(last.error());
  return *last - count + 1;
}

}  // namespace sluice::adapters::postgresql
