#include "postgresql/transaction.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>
#include <variant>

#include "packing/answers.hpp"
#include "packing/order_ids.hpp"
#include "postgresql/records.hpp"
#include "postgresql/statements.hpp"
#include "sluice/base/failpoint.hpp"

namespace sluice::adapters::postgresql {
namespace {

// Twice as long as they count, so that a clock that was wrong for a moment costs no memory of money.
constexpr std::chrono::days kDoubtsKept{60};

constexpr int kJobNumber = 1;
constexpr int kBatchNumber = 2;
constexpr int kForgotten = 3;

template <class T>
Arguments fields_of(const T& record) {
  Arguments arguments;
  each_field(record, FieldWriter(arguments));
  return arguments;
}

}  // namespace

bool holds_keys(const ports::Batch& batch) {
  const bool may_have_left =
      batch.state == ports::BatchState::sending || batch.past.sends > 0 || batch.past.maybe_applied;
  return may_have_left && !batch.keys.empty();
}

/// One function a change; std::visit finds it.
class Applier {
 public:
  explicit Applier(Transaction& transaction) : transaction_(transaction) {}

  void operator()(const ports::PutJob& change) {
    // All but what other writers own: a commit that was tried again must not take back a hold or a count that came
    // meanwhile.
    queue(Statements::get().put_job, fields_of(change.job).put_text(transaction_.host_.name));
    raise(kJobNumber, change.job.id.n);
  }
  void operator()(const ports::PutHold& change) {
    Arguments fields;
    packing::each_hold_field(change.job, FieldWriter(fields));
    queue(Statements::get().put_hold, fields.put(change.job.id.n));
  }
  void operator()(const ports::AddCounts& change) {
    Arguments fields;
    packing::each_count(change.counts, FieldWriter(fields));
    queue(Statements::get().add_counts, fields.put(change.requests).put(change.other_starts).put(change.job.n));
  }
  void operator()(const ports::ForgetSurvey& change) {
    // Everything a survey brought, and in the commit that begins the next one.
    queue(Statements::get().zero_counts, of(change.job));
    queue("DELETE FROM keys USING batches WHERE keys.batch=batches.id AND batches.job=$1", of(change.job));
    queue("DELETE FROM batches WHERE job=$1", of(change.job));
    next_edition(change.job);
  }
  void operator()(const ports::PutRows& change) {
    std::span orders(change.orders);
    for (std::span rest(change.rows); !rest.empty();) {
      const auto shelf = packing::shelf_of(rest.front().row);
      const auto end = std::ranges::find_if(rest, [=](const auto& row) { return packing::shelf_of(row.row) != shelf; });
      const auto piece = rest.first(static_cast<std::size_t>(end - rest.begin()));
      const auto packed = packing::pack_answers(piece);
      queue(
          "INSERT INTO answers(job,edition,shelf,packed) VALUES($1, coalesce((SELECT current FROM editions "
          "WHERE editions.job=$1), 0), $2, $3)",
          of(change.job).put(shelf).put(packed));
      rest = rest.subspan(piece.size());
      if (orders.empty()) continue;
      // In the commit that settles them, so that remembering costs no other one.
      const auto at = piece.front().at.value_or(WallTime{});
      remember(change.job, at, piece, packed, orders.first(piece.size()));
      put_placed(change.job, at, piece, orders.first(piece.size()));
      orders = orders.subspan(piece.size());
    }
  }
  void operator()(const ports::PutBatches& change) {
    std::uint64_t highest = 0;
    bool announces = false;
    for (const auto& batch : change.batches) {
      queue(Statements::get().put_batch, fields_of(batch));
      put_keys(batch);
      announces = announces || batch.state == ports::BatchState::sending;
      highest = std::max(highest, number(batch.id));
    }
    raise(kBatchNumber, highest);
    // Behind the keys: where another host's settlement has just freed one, it is waited for there, and its doubts are
    // seen here.
    if (announces) queue("SELECT newest($1)", Arguments().put(transaction_.revision_ + transaction_.revisions()));
  }
  void operator()(const ports::DropBatch& change) {
    queue("DELETE FROM batches WHERE id=$1", Arguments().put(change.batch));
    free_keys(change.batch);
  }
  void operator()(const ports::CountFirstSends& change) {
    queue("SELECT count_first_sends($1, $2, $3)", Arguments().put(change.day).put(change.orders).put(change.most));
  }
  void operator()(const ports::PutDoubts& change) {
    for (const auto& doubt : change.doubts) {
      queue(Statements::get().put_doubt, fields_of(doubt));
      // Pruned by the time of the newest doubt: what time it is comes in with the change.
      queue("DELETE FROM doubts WHERE since<$1", Arguments().put(WallTime(doubt.since - kDoubtsKept)));
    }
    others_go_by_it();
  }
  void operator()(const ports::ResolveDoubts& change) {
    queue("UPDATE doubts SET looked_up=$1 WHERE job=$2 AND row=ANY($3)",
          Arguments().put(change.looked_up).put(change.job.n).put_list(change.rows));
    others_go_by_it();
  }
  void operator()(const ports::DropDoubts& change) {
    queue("DELETE FROM doubts WHERE job=$1", of(change.job));
    others_go_by_it();
  }
  void operator()(const ports::ForgetRows& change) { next_edition(change.job); }
  void operator()(const ports::Remember& change) {
    if (!change.rows.empty())
      remember(change.job, change.at, change.rows, packing::pack_answers(change.rows), change.orders);
    put_placed(change.job, change.at, change.rows, change.orders);
  }
  void operator()(const ports::ForgetHistory& change) {
    const auto before = std::max(change.before, WallTime{}).time_since_epoch();
    raise(kForgotten, static_cast<std::uint64_t>(before.count()));
  }
  void operator()(const ports::PutNote& change) {
    const auto& key = change.key.stored();
    if (change.value.empty()) {
      queue("DELETE FROM notes WHERE key=$1", Arguments().put_text(key));
    } else {
      queue("INSERT INTO notes(key,value) VALUES($1,$2) ON CONFLICT(key) DO UPDATE SET value=excluded.value",
            Arguments().put_text(key).put(change.value));
    }
    if (key == ports::NoteKey(ports::Note::paused).stored()) others_go_by_it();
  }

 private:
  static Arguments of(JobId job) { return std::move(Arguments().put(job.n)); }
  void queue(std::string_view sql, const Arguments& arguments) { transaction_.queue(sql, arguments); }

  void put_keys(const ports::Batch& batch) {
    if (holds_keys(batch)) {
      queue("SELECT hold_keys($1, $2, $3)", Arguments().put_list(batch.keys).put(batch.job.n).put(batch.id));
    } else if (batch.state != ports::BatchState::planned) {
      free_keys(batch.id);  // nothing left after all
    }
  }
  // Of those the parts took over it has none any more.
  void free_keys(BatchId batch) {
    queue("DELETE FROM keys WHERE batch=$1", Arguments().put(batch));
    transaction_.others_wait_ = true;
  }
  void next_edition(JobId job) {
    queue("INSERT INTO editions(job,current) VALUES($1,1) ON CONFLICT(job) DO UPDATE SET current=editions.current+1",
          of(job));
  }
  void remember(JobId job, WallTime at, std::span<const records::RowResult> rows, const std::string& answers,
                std::span<const ports::OrderIds> orders) {
    queue(
        "WITH piece AS (INSERT INTO history(job,job_day,at,answers,ids) VALUES($1,$2,$3,$4,$5) RETURNING id) "
        "INSERT INTO prints(id,packed) SELECT id, $6 FROM piece",
        of(job)
            .put(job.day)
            .put(at)
            .put(answers)
            .put(packing::pack_ids(orders))
            .put(packing::pack_prints(rows, orders)));
  }
  void put_placed(JobId job, WallTime at, std::span<const records::RowResult> rows,
                  std::span<const ports::OrderIds> orders) {
    const auto marks = packing::placed_marks(rows, orders);
    if (marks.empty()) return;
    queue("INSERT INTO placed(job,job_day,at,marks) VALUES($1,$2,$3,$4)",
          of(job).put(job.day).put(at).put(packing::pack_hashes(marks)));
  }
  // Only ever upwards; a row that need not change is not locked.
  void raise(int what, std::uint64_t to) {
    queue("UPDATE numbers SET highest=$2 WHERE what=$1 AND highest<$2", Arguments().put(what).put(to));
  }
  void others_go_by_it() {
    transaction_.others_wait_ = true;
    transaction_.bumps_.push_back(transaction_.queue("UPDATE account SET revision=revision+1 RETURNING revision"));
  }

  Transaction& transaction_;
};

Transaction::Transaction(Connection& connection, const Membership& host, std::uint64_t number, std::uint64_t revision)
    : connection_(connection), host_(host), revision_(revision) {
  queue("BEGIN");
  queue("SELECT prove($1, $2, $3)", Arguments().put_text(host.name).put(host.epoch).put(number));
}

std::size_t Transaction::queue(std::string_view sql, const Arguments& arguments) {
  connection_.queue(sql, arguments);
  return queued_++;
}

void Transaction::add(const ports::Changes& changes) {
  for (const auto& change : changes) std::visit(Applier(*this), change);
}

Result<void> Transaction::commit() {
  // A host that is alone need not be told what it did itself.
  if (others_wait_) {
    queue("SELECT pg_notify('sluice', $1) WHERE 1 < (SELECT count(*) FROM hosts WHERE lease_until > clock_timestamp())",
          Arguments().put_text(host_.name));
  }
  // Waiting for a standby is never cut short: it would be taken for having been stored there.
  queue("SET LOCAL statement_timeout = 0");
  queue("COMMIT");
  SLUICE_FAILPOINT("postgresql.before_commit");
  const auto rows = connection_.flush();
  SLUICE_FAILPOINT("postgresql.after_commit");
  if (!rows) return std::unexpected(rows.error());
  if (!bumps_.empty()) last_revision_ = static_cast<std::uint64_t>((*rows)[bumps_.back()].number(0, 0));
  return {};
}

}  // namespace sluice::adapters::postgresql
