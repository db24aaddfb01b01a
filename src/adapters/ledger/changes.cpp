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

/// One function a change; std::visit finds it.
class Applier {
 public:
  explicit Applier(Statements& statements) : statements_(statements) {}

  void operator()(const ports::PutJob& change) {
    // All but what other writers own: a commit that was tried again must not take back a hold or a count that came
    // meanwhile.
    put_record(statements_.use(Sql::put_job), change.job);
    // In the same commit: a number is used from the moment anything bears it, even if the job is deleted later.
    raise(Number::job, change.job.id.n);
  }
  void operator()(const ports::PutHold& change) {
    Use use = statements_.use(Sql::put_hold);
    Binder binder(use.statement());
    each_hold_field(change.job, binder);
    binder.put(change.job.id.n);
    use.run();
  }
  void operator()(const ports::AddCounts& change) {
    Use use = statements_.use(Sql::add_counts);
    Binder binder(use.statement());
    each_count(change.counts, binder);
    binder.put(change.requests).put(change.other_starts).put(change.job.n);
    use.run();
  }
  void operator()(const ports::ForgetSurvey& change) {
    // Everything a survey brought, and in the commit that begins the next one: a crash leaves the rows of one survey,
    // not of two.
    statements_.use(Sql::zero_counts).with(change.job.n).run();
    statements_.use(Sql::drop_batches).with(change.job.n).run();
    statements_.use(Sql::next_edition).with(change.job.n).run();
  }
  void operator()(const ports::PutRows& change) {
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
  void operator()(const ports::PutBatches& change) {
    std::uint64_t highest = 0;
    for (const auto& batch : change.batches) {
      put_record(statements_.use(Sql::put_batch), batch);
      highest = std::max(highest, number(batch.id));
    }
    raise(Number::batch, highest);
  }
  void operator()(const ports::DropBatch& change) { statements_.use(Sql::drop_batch).with(change.batch).run(); }
  void operator()(const ports::CountFirstSends& change) {
    statements_.use(Sql::count_first_sends).with(change.day, change.orders).run();
  }
  void operator()(const ports::PutDoubts& change) {
    for (const auto& doubt : change.doubts) {
      put_record(statements_.use(Sql::put_doubt), doubt);
      // Pruned by the time of the newest doubt, not by a clock of its own: what time it is comes in with the change.
      statements_.use(Sql::prune_doubts).with(WallTime(doubt.since - kDoubtsKept)).run();
    }
  }
  void operator()(const ports::ResolveDoubts& change) {
    for (const auto row : change.rows) {
      Use use = statements_.use(Sql::resolve_doubt);
      Binder binder(use.statement());
      binder.put(change.looked_up).put(change.job.n).put(row);
      use.run();
    }
  }
  void operator()(const ports::DropDoubts& change) { statements_.use(Sql::drop_doubts).with(change.job.n).run(); }
  void operator()(const ports::ForgetRows& change) { statements_.use(Sql::next_edition).with(change.job.n).run(); }
  void operator()(const ports::Remember& change) {
    if (!change.rows.empty())
      remember(change.job, change.at, change.rows, Blob{pack_answers(change.rows)}, change.orders);
    put_placed(change.job, change.at, change.rows, change.orders);
  }
  void operator()(const ports::ForgetHistory& change) {
    const auto before = std::max(change.before, WallTime{}).time_since_epoch();
    raise(Number::forgotten, static_cast<std::uint64_t>(before.count()));
  }
  void operator()(const ports::PutNote& change) {
    if (change.value.empty()) {
      statements_.use(Sql::drop_note).with(change.key.stored()).run();
    } else {
      statements_.use(Sql::put_note).with(change.key.stored(), change.value).run();
    }
  }

 private:
  void remember(JobId job, WallTime at, std::span<const records::RowResult> rows, const Blob& answers,
                std::span<const ports::OrderIds> orders) {
    statements_.use(Sql::put_history).with(job.n, job.day, at, answers, Blob{pack_ids(orders)}).run();
    statements_.use(Sql::put_prints).with(Blob{pack_prints(rows, orders)}).run();
  }
  void put_placed(JobId job, WallTime at, std::span<const records::RowResult> rows,
                  std::span<const ports::OrderIds> orders) {
    const auto marks = placed_marks(rows, orders);
    if (!marks.empty()) statements_.use(Sql::put_placed).with(job.n, job.day, at, marks).run();
  }
  void raise(Number what, std::uint64_t to) { statements_.use(Sql::put_number).with(what, to).run(); }

  Statements& statements_;
};

}  // namespace

void apply_change(Statements& statements, const ports::Change& change) {
  std::visit(Applier(statements), change);
}

std::uint64_t edition_of(Statements& statements, JobId job) {
  Use use = statements.use(Sql::edition);
  return use.with(job.n).step() ? static_cast<std::uint64_t>(use.number()) : 0;
}

}  // namespace sluice::adapters::ledger
