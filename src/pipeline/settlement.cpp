#include "settlement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <utility>

#include "place_in_batch.hpp"
#include "remembered.hpp"
#include "sluice/base/failpoint.hpp"
#include "sluice/text/words/jobs.hpp"

namespace sluice::pipeline {

namespace {

constexpr std::uint64_t kJudgeAfter = 100;  // guard.stop_when_refused
constexpr std::size_t kMostChanges = 5;     // of a settlement
constexpr std::size_t kPage = 256;          // batches asked of the ledger at a time

ports::PutDoubts doubts_of(const ports::Batch& batch, const std::vector<orders::Order>& orders,
                           const std::vector<records::RowResult>& settled, WallTime now) {
  ports::PutDoubts put;
  if (batch.past.sends == 0) return put;  // never sent: in doubt in another job, which remembers it
  PlaceInBatch place(batch);
  for (const auto& result : settled) {
    if (result.outcome != records::Outcome::in_doubt) continue;
    const auto& order = orders[place.of(result.row)];
    put.doubts.push_back({.order_hash = order.hash(),
                          .order = orders::body(std::span(&order, 1)),
                          .job = batch.job,
                          .row = result.row,
                          .since = now});
  }
  return put;
}

ports::Counts counted(const std::vector<records::RowResult>& settled) {
  ports::Counts counts{};
  for (const auto& result : settled) ++counts[result.outcome];
  return counts;
}

/// For guard.stop_when_refused: what the API said of each settled row, by its status, or by the word it gave in place
/// of one. A status that nobody knows is no better than a refusal.
class AnswersCounted {
 public:
  AnswersCounted(const Job& job, const ports::Batch& batch, const std::vector<records::RowResult>& settled,
                 const orders::Answer& answer) {
    const auto& service = orders::service(job.header.service);
    PlaceInBatch place(batch);
    for (const auto& result : settled) {
      const auto at = place.of(result.row);
      if (at >= answer.rows.size() || !answer.rows[at]) continue;
      const auto& said = *answer.rows[at];
      ++answered_;
      const bool known = said.status && orders::find_status(service, *said.status);
      if (result.outcome == records::Outcome::refused || !known) {
        auto& refused = refused_[said.status ? std::to_string(*said.status) : said.status_text];
        if (refused.orders++ == 0) refused.first_row = result.row;
      }
    }
  }
  void add_to(Job& job) const {
    job.answered += answered_;
    for (const auto& [status, refused] : refused_) {
      auto& all = job.refused_by_status[status];
      if (all.orders == 0) all.first_row = refused.first_row;
      all.orders += refused.orders;
    }
  }

 private:
  std::uint64_t answered_ = 0;
  std::map<std::string, Refused> refused_;
};

/// What the API's page says of a status; of one that it doesn't know, that.
std::string meaning_of(const Job& job, const std::string& status) {
  for (const auto& known : orders::service(job.header.service).statuses) {
    if (std::to_string(known.status) == status) return text::both({known.words, {}});
  }
  return text::both({text::Word::status_unknown, {status}});
}

}  // namespace

AfterAnswer Settlement::context(const Job& job, const Waiting& waiting) const {
  const auto now = parts_.clock.now();
  // By the boot clock: a wall clock that is set must neither give up early nor wait for years.
  const auto since = waiting.lost_since.value_or(now);
  const auto usable = parts_.breaker.last_usable();
  return {.settings = parts_.settings,
          .now = parts_.clock.wall(),
          .random = parts_.clock.random(),
          .lang = job.lang(),
          .undone = orders::service(job.header.service).undone,
          .lost_answer = parts_.stop.cut()             ? LostAnswer::was_cut
                         : parts_.breaker.braking(now) ? LostAnswer::costs_nothing
                                                       : LostAnswer::costs_attempt,
          .may_give_up = (usable && *usable > since) || now - since >= parts_.settings.retry.outage,
          .bad_request = parts_.breaker.refuses_all() ? BadRequest::of_the_way : BadRequest::of_its_orders,
          // Until anything was answered usefully, other batches reveal more than halves of one that was refused.
          .halves_wait = usable ? Nanos{0} : Nanos(parts_.settings.retry.first_delay)};
}

std::vector<Waiting> Settlement::take_over(Waiting& before, const Consequence& consequence) const {
  std::vector<Waiting> kept;
  for (const auto& batch : consequence.next) {
    Waiting waiting{.batch = batch, .due = {}, .hold = before.hold.also(batch.keys), .lost_since = before.lost_since};
    to_boottime(waiting, parts_.clock, parts_.settings);
    kept.push_back(std::move(waiting));
  }
  // Not before those of the parts are held: no other order of their keys may start in between.
  before.hold = {};
  return kept;
}

ports::Task<std::optional<std::vector<Waiting>>> Settlement::apply(Job& job, Waiting& before,
                                                                   std::vector<orders::Order> orders,
                                                                   Consequence consequence, std::uint64_t requests) {
  const auto& batch = before.batch;
  const auto wall = parts_.clock.wall();
  std::vector<ports::Change> changes;
  changes.reserve(kMostChanges);  // moving one costs more than room for it
  bool stays = false;
  for (auto& next : consequence.next) {
    // Numbered here and not by the pure decision, which must give the same answer however often it is asked.
    if (next.id == BatchId{0}) next.id = parts_.next_batch();
    stays = stays || next.id == batch.id;
  }
  // From here to the commit: the rows' results, what waits of them, the counts and the doubts belong to one moment. A
  // crash finds all of it or none, so each row is settled or in exactly one batch (I1, I3).
  if (!stays) changes.emplace_back(ports::DropBatch{batch.id, batch.job});
  if (!consequence.next.empty()) changes.emplace_back(ports::PutBatches{consequence.next});
  const auto counts = counted(consequence.settled);
  changes.emplace_back(ports::AddCounts{batch.job, counts, requests, consequence.other_starts});
  auto doubts = doubts_of(batch, orders, consequence.settled, wall);
  if (!doubts.doubts.empty()) changes.emplace_back(doubts);
  if (counts.total() > 0) {
    const bool remembers = parts_.settings.keep.orders > Millis{0};
    auto ids = remembers ? ids_of(batch, std::move(orders), consequence.settled) : std::vector<ports::OrderIds>{};
    changes.emplace_back(ports::PutRows{batch.job, std::move(consequence.settled), std::move(ids)});
  }
  SLUICE_FAILPOINT("sender.before_settle");
  // As often as it takes: an answer that was read must not be lost to a full disk, or its rows would be in doubt for
  // nothing.
  if (!co_await parts_.journal.commit_surely(std::move(changes))) co_return std::nullopt;
  SLUICE_FAILPOINT("sender.settled");
  // Only what is durable: after a crash the ledger is all that is known, and memory must not have promised more.
  parts_.doubts.add(std::move(doubts.doubts));
  job.header.requests += requests;
  job.header.counts += counts;
  job.header.other_starts += consequence.other_starts;
  co_return take_over(before, consequence);
}

ports::Task<void> Settlement::settle(Job& job, Waiting& sent, std::vector<orders::Order> orders, Exchanged exchanged,
                                     Boottime started) {
  auto about = context(job, sent);
  const auto may_run_until = started + parts_.settings.upstream.response_timeout;
  // The API may go on after somebody in between has given up: its work is over at the latest when a timeout of ours
  // would be (docs/api.md, Slow answers).
  about.may_still_run = std::max<Nanos>(may_run_until - parts_.clock.now(), Nanos{0});
  auto consequence = after_answer(sent.batch, orders, exchanged, about);
  std::optional<AnswersCounted> counted;
  if (exchanged) counted.emplace(job, sent.batch, consequence.settled, *exchanged);
  auto kept = co_await apply(job, sent, std::move(orders), std::move(consequence), 1);
  if (!kept) co_return;
  std::ranges::move(*kept, std::back_inserter(job.started));
  if (counted) counted->add_to(job);
  co_await judge_refusals(job);
}

ports::Task<void> Settlement::judge_refusals(Job& job) {
  const auto percent = parts_.settings.guard.stop_when_refused;
  const bool decided = job.decided().ruling != ports::Ruling::none || job.held();
  // Too few prove nothing, of a file that is through there is nothing left to save, and what a person decided stands.
  if (job.answered < kJudgeAfter || job.unsettled() == 0 || percent == 0 || decided) co_return;
  for (const auto& [status, refused] : job.refused_by_status) {
    if (refused.orders * 100 < job.answered * percent) continue;
    co_await job.hold(parts_.journal, ports::Hold::refused_alike,
                      text::words::refused_alike(refused.orders, job.answered, status, meaning_of(job, status),
                                                 refused.first_row, job.id()));
    co_return;
  }
}

ports::Task<Result<void>> Settlement::settle_waiting(Job& job, Waiting& waiting) {
  std::vector<orders::Order> orders;
  // Only these are read again: an order that was never sent needs no memory, and its file may be gone.
  if (waiting.batch.past.maybe_applied) {  // it ends in doubt, and is remembered by its content
    auto read = co_await read_again(job, waiting.batch);
    if (!read) {
      if (!is_lost(read.error())) job.waits = read.error().words;
      if (is_lost(read.error())) co_await job.hold(parts_.journal, ports::Hold::file_changed, read.error().words);
      co_return std::unexpected(read.error());
    }
    orders = std::move(read->orders);
  }
  Consequence ends{.settled = after_cancel(waiting.batch, job.lang(), orders::service(job.header.service).undone,
                                           parts_.clock.wall()),
                   .next = {}};
  const auto done = co_await apply(job, waiting, std::move(orders), std::move(ends), 0);
  if (!done) co_return fail(ErrorKind::cancelled, text::words::stopped_cancelling());
  co_return Result<void>{};
}

ports::Task<Result<void>> Settlement::settle_all_waiting(Job& job) {
  std::ranges::move(job.fresh, std::back_inserter(job.started));
  job.fresh.clear();
  while (!job.started.empty() || job.loaded) {
    while (!job.started.empty()) {
      if (auto done = co_await settle_waiting(job, job.started.back()); !done) co_return done;
      job.started.pop_back();
    }
    auto more = co_await parts_.journal.ledger().batches(job.id(), ports::BatchSet::planned, BatchId{}, kPage);
    if (!more) co_return std::unexpected(more.error());
    // Always from the first: what was settled is dropped from the ledger, so the next page is the first again.
    if (more->empty()) job.loaded.reset();
    for (auto& batch : *more) job.started.push_back({.batch = std::move(batch), .due = {}, .hold = {}});
  }
  co_return Result<void>{};
}

ports::Task<Result<void>> Settlement::settle_cancelled(Job& job) {
  auto done = co_await settle_all_waiting(job);
  // Some are settled and some are not: the ledger knows which, and is asked again before anything goes on.
  if (!done) job.forget_batches();
  co_return done;
}

}  // namespace sluice::pipeline
