#include "ledger/changes.hpp"

#include <algorithm>
#include <chrono>
#include <span>

#include "packing/answers.hpp"
#include "packing/fields.hpp"
#include "packing/order_ids.hpp"

namespace sluice::adapters::ledger {
namespace {

// Twice as long as they count, so that a clock that was wrong for a moment costs no memory of money.
constexpr std::chrono::days kDoubtsKept{60};

template <class T>
void put_record(Use use, const T& record) {
  each_field(record, Binder(use.statement()));
  use.run();
}

}  // namespace

void Applier::carry_out(const ports::PutJob& change) {
  add_counts();  // of the job as it was
  // All but what other writers own: a commit that was tried again must not take back a hold or a count that came
  // meanwhile.
  put_record(statements_.use(Sql::put_job), change.job);
  // In the same commit: a number is used from the moment anything bears it, even if the job is deleted later.
  raise(Number::job, change.job.id.n);
}
void Applier::carry_out(const ports::PutHold& change) {
  Use use = statements_.use(Sql::put_hold);
  Binder binder(use.statement());
  each_hold_field(change.job, binder);
  binder.put(change.job.id.n);
  use.run();
}
void Applier::carry_out(const ports::AddCounts& change) {
  const auto of_job = std::ranges::find(added_, change.job, &ports::AddCounts::job);
  if (of_job == added_.end()) {
    added_.push_back(change);
    return;
  }
  of_job->counts += change.counts;
  of_job->requests += change.requests;
  of_job->other_starts += change.other_starts;
}
void Applier::carry_out(const ports::ForgetSurvey& change) {
  add_counts();  // they are of the survey that is forgotten
  // Everything a survey brought, and in the commit that begins the next one: a crash leaves the rows of one survey,
  // not of two.
  statements_.use(Sql::zero_counts).with(change.job.n).run();
  statements_.use(Sql::drop_batches).with(change.job.n).run();
  statements_.use(Sql::next_edition).with(change.job.n).run();
}
void Applier::carry_out(const ports::PutRows& change) {
  // Rows of an earlier edition may still lie there, not swept yet; they must not be taken for these.
  const std::uint64_t edition = edition_of(statements_, change.job);
  std::span orders(change.orders);
  for (std::span rest(change.rows); !rest.empty();) {
    const auto shelf = shelf_of(rest.front().row);
    const auto end = std::ranges::find_if(rest, [=](const auto& row) { return shelf_of(row.row) != shelf; });
    const auto piece = rest.first(static_cast<std::size_t>(end - rest.begin()));
    const Blob packed{pack_answers(piece)};
    statements_.use(Sql::put_answers).with(change.job.n, edition, shelf, packed).run();
    rest = rest.subspan(piece.size());
    if (orders.empty()) continue;
    // In the commit that settles them, so that remembering costs no other one, and with the same bytes.
    remember(change.job, piece.front().at.value_or(WallTime{}), piece, packed, orders.first(piece.size()));
    put_placed(change.job, piece.front().at.value_or(WallTime{}), piece, orders.first(piece.size()));
    orders = orders.subspan(piece.size());
  }
}
void Applier::carry_out(const ports::PutBatches& change) {
  std::uint64_t highest = 0;
  for (const auto& batch : change.batches) {
    put_record(statements_.use(Sql::put_batch), batch);
    highest = std::max(highest, number(batch.id));
  }
  raise(Number::batch, highest);
}
void Applier::carry_out(const ports::DropBatch& change) {
  statements_.use(Sql::drop_batch).with(change.batch).run();
}
void Applier::carry_out(const ports::CountFirstSends& change) {
  statements_.use(Sql::count_first_sends).with(change.day, change.orders).run();
}
void Applier::carry_out(const ports::PutDoubts& change) {
  for (const auto& doubt : change.doubts) {
    put_record(statements_.use(Sql::put_doubt), doubt);
    // Pruned by the time of the newest doubt, not by a clock of its own: what time it is comes in with the change.
    statements_.use(Sql::prune_doubts).with(WallTime(doubt.since - kDoubtsKept)).run();
  }
}
void Applier::carry_out(const ports::ResolveDoubts& change) {
  for (const auto row : change.rows) {
    Use use = statements_.use(Sql::resolve_doubt);
    Binder binder(use.statement());
    binder.put(change.looked_up).put(change.job.n).put(row);
    use.run();
  }
}
void Applier::carry_out(const ports::DropDoubts& change) {
  statements_.use(Sql::drop_doubts).with(change.job.n).run();
}
void Applier::carry_out(const ports::ForgetRows& change) {
  statements_.use(Sql::next_edition).with(change.job.n).run();
}
void Applier::carry_out(const ports::Remember& change) {
  if (!change.rows.empty())
    remember(change.job, change.at, change.rows, Blob{pack_answers(change.rows)}, change.orders);
  put_placed(change.job, change.at, change.rows, change.orders);
}
void Applier::carry_out(const ports::ForgetHistory& change) {
  const auto before = std::max(change.before, WallTime{}).time_since_epoch();
  raise(Number::forgotten, static_cast<std::uint64_t>(before.count()));
}
void Applier::carry_out(const ports::PutNote& change) {
  if (change.value.empty()) {
    statements_.use(Sql::drop_note).with(change.key.stored()).run();
  } else {
    statements_.use(Sql::put_note).with(change.key.stored(), change.value).run();
  }
}

void Applier::remember(JobId job, WallTime at, std::span<const records::RowResult> rows, const Blob& answers,
                       std::span<const ports::OrderIds> orders) {
  statements_.use(Sql::put_history).with(job.n, job.day, at, answers, Blob{pack_ids(orders)}).run();
  statements_.use(Sql::put_prints).with(Blob{pack_prints(rows, orders)}).run();
}
void Applier::put_placed(JobId job, WallTime at, std::span<const records::RowResult> rows,
                         std::span<const ports::OrderIds> orders) {
  const auto marks = placed_marks(rows, orders);
  if (!marks.empty()) statements_.use(Sql::put_placed).with(job.n, job.day, at, marks).run();
}
void Applier::raise(Number what, std::uint64_t to) {
  auto& highest = highest_[what];
  highest = std::max(highest, to);
}

void Applier::add_counts() {
  for (const auto& added : added_) {
    Use use = statements_.use(Sql::add_counts);
    Binder binder(use.statement());
    each_count(added.counts, binder);
    binder.put(added.requests).put(added.other_starts).put(added.job.n);
    use.run();
  }
  added_.clear();
}

void Applier::finish() {
  add_counts();
  for (const auto& [what, highest] : highest_) statements_.use(Sql::put_number).with(what, highest).run();
}

std::uint64_t edition_of(Statements& statements, JobId job) {
  Use use = statements.use(Sql::edition);
  return use.with(job.n).step() ? static_cast<std::uint64_t>(use.number()) : 0;
}

}  // namespace sluice::adapters::ledger
