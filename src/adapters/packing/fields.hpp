#pragma once

#include <concepts>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "packing/stored.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::adapters::packing {

template <class T, class Plain>
concept Record = std::same_as<std::remove_const_t<T>, Plain>;

// Which column holds which member: the one place that knows. Each visits (column, member) in one fixed order, by which
// statements are built, bound and read.

template <class Counts, class Visit>
void each_count(Counts& counts, Visit&& visit) {
  using enum records::Outcome;
  visit("accepted", counts[accepted]);
  visit("accepted_earlier", counts[accepted_earlier]);
  visit("refused", counts[refused]);
  visit("invalid", counts[invalid]);
  visit("failed", counts[failed]);
  visit("not_sent", counts[not_sent]);
  visit("duplicate", counts[duplicate]);
  visit("in_doubt", counts[in_doubt]);
}

/// One ruling in two columns, both of which an older version may have set: what was cancelled stays so.
template <Record<ports::JobHeader> T, class Visit>
void each_ruling_column(T& job, Visit&& visit) {
  bool released = job.ruling == ports::Ruling::released;
  bool cancelled = job.ruling == ports::Ruling::cancelled;
  visit("released", released);
  visit("cancelled", cancelled);
  if constexpr (!std::is_const_v<T>) {
    job.ruling = cancelled ? ports::Ruling::cancelled : released ? ports::Ruling::released : ports::Ruling::none;
  }
}

/// What PutHold replaces.
template <Record<ports::JobHeader> T, class Visit>
void each_hold_field(T& job, Visit&& visit) {
  visit("base_url", job.base_url);
  visit("hold", job.hold);
  visit("hold_words", job.hold_words);
  each_ruling_column(job, visit);
  visit("secret", job.secret);
}

/// No job has the number 0.
template <Record<ports::JobHeader> T, class Visit>
void each_placed_by_column(T& job, Visit&& visit) {
  JobId by = job.placed_by.value_or(JobId{});
  visit("placed_by", by.n);
  visit("placed_by_day", by.day);
  visit("placed_by_name", job.placed_by_name);
  if constexpr (!std::is_const_v<T>) job.placed_by = by.n == 0 ? std::nullopt : std::optional(by);
}

/// The last ten change by addition alone.
template <Record<ports::JobHeader> T, class Visit>
void each_field(T& job, Visit&& visit) {
  visit("n", job.id.n);
  visit("day", job.id.day);
  visit("name", job.name);
  visit("state", job.state);
  visit("source_device", job.source.device);
  visit("source_inode", job.source.inode);
  visit("source_size", job.source.size);
  visit("source_mtime_ns", job.source.mtime_ns);
  visit("source_ctime_ns", job.source.ctime_ns);
  visit("file_device", job.file.device);
  visit("file_inode", job.file.inode);
  visit("file_size", job.file.size);
  visit("file_mtime_ns", job.file.mtime_ns);
  visit("file_ctime_ns", job.file.ctime_ns);
  visit("service", job.service);
  visit("format", job.format);
  visit("names", job.names);
  visit("ascii", job.ascii);
  visit("chinese", job.lang);
  each_hold_field(job, visit);
  visit("content_hash", job.content_hash);
  visit("row_count", job.rows);
  visit("reason", job.reason);
  visit("exit", job.exit);
  visit("claimed_at", job.claimed_at);
  visit("started_at", job.started_at);
  visit("finished_at", job.finished_at);
  visit("placed_before", job.placed_before);
  each_placed_by_column(job, visit);
  each_count(job.counts, visit);
  visit("requests", job.requests);
  visit("other_starts", job.other_starts);
}

/// One state in two columns.
template <Record<ports::Batch> T, class Visit>
void each_state_column(T& batch, Visit&& visit) {
  bool sending = batch.state == ports::BatchState::sending;
  bool fresh = batch.state == ports::BatchState::planned;
  visit("sending", sending);
  visit("fresh", fresh);
  if constexpr (!std::is_const_v<T>) {
    batch.state = sending ? ports::BatchState::sending
                  : fresh ? ports::BatchState::planned
                          : ports::BatchState::waiting;
  }
}

template <Record<ports::Batch> T, class Visit>
void each_field(T& batch, Visit&& visit) {
  visit("id", batch.id);
  visit("job", batch.job.n);
  visit("job_day", batch.job.day);
  each_state_column(batch, visit);
  visit("maybe_applied", batch.past.maybe_applied);
  bool internal_error = batch.past.internal_errors > 0;  // says it again, for older versions; never read
  visit("internal_error", internal_error);
  visit("ambiguous_attempts", batch.past.lost_answers);
  visit("status_tries", batch.past.internal_errors);
  visit("sends", batch.past.sends);
  visit("not_before", batch.not_before);
  visit("body_hash", batch.body_hash);
  visit("last_request", batch.last_request);
  visit("row_refs", batch.rows);
  visit("ambiguous_since", batch.past.lost_since);
  visit("row_keys", batch.keys);
  visit("said_no", batch.past.said_no);
  visit("row_marks", batch.marks);
}

/// Some rows of a shelf (answers.hpp); job and edition are looked for, not read.
struct AnswerPiece {
  std::int64_t id = 0;
  std::uint64_t shelf = 0;
  Blob packed;
};
template <Record<AnswerPiece> T, class Visit>
void each_field(T& piece, Visit&& visit) {
  visit("id", piece.id);
  visit("shelf", piece.shelf);
  visit("packed", piece.packed);
}

template <Record<ports::Doubt> T, class Visit>
void each_field(T& doubt, Visit&& visit) {
  visit("job", doubt.job.n);
  visit("job_day", doubt.job.day);
  visit("row", doubt.row);
  visit("order_hash", doubt.order_hash);
  visit("order_body", doubt.order);
  visit("since", doubt.since);
  visit("looked_up", doubt.looked_up);
}

/// What is remembered of some orders (order_ids.hpp): answers as in answers.hpp, and by what each is found.
struct HistoryPiece {
  std::uint64_t id = 0;
  JobId job;
  WallTime at{};
  Blob answers;
  Blob ids;
};
template <Record<HistoryPiece> T, class Visit>
void each_field(T& piece, Visit&& visit) {
  visit("id", piece.id);
  visit("job", piece.job.n);
  visit("job_day", piece.job.day);
  visit("at", piece.at);
  visit("answers", piece.answers);
  visit("ids", piece.ids);
}

/// The marks of some that were accepted.
struct PlacedPiece {
  std::uint64_t id = 0;
  ports::PlacedOrders placed;
};
template <Record<PlacedPiece> T, class Visit>
void each_field(T& piece, Visit&& visit) {
  visit("id", piece.id);
  visit("job", piece.placed.job.n);
  visit("job_day", piece.placed.job.day);
  visit("at", piece.placed.at);
  visit("marks", piece.placed.marks);
}

/// The columns of a record, in their order.
template <class T>
std::vector<std::string> columns_of() {
  T record{};
  std::vector<std::string> columns;
  each_field(record, [&](const char* column, auto&) { columns.emplace_back(column); });
  return columns;
}

}  // namespace sluice::adapters::packing
