#include "fitting.hpp"

#include <algorithm>
#include <iterator>
#include <map>

namespace sluice::pipeline {

namespace {

std::optional<Doubts::Known> why_not_now(const orders::Order& order, const Doubts& doubts, WallTime wall,
                                         orders::LastValues& last) {
  // A date that was good at the survey may have passed: a first send can still be spared the refusal.
  if (auto why = orders::judge_dates(order, wall, &last))
    return Doubts::Known{records::Outcome::invalid, std::move(*why)};
  // Asked when its keys are busy: from here on no other job can add a doubt about it (docs/contract.md, Output).
  return doubts.why_not(order, wall);
}

}  // namespace

ports::Task<Result<void>> Fitting::narrow(Job& job, Waiting& waiting, std::size_t most_rows) {
  const auto& whole = waiting.batch;
  auto [first, rest] = split(whole, most_rows, parts_.next_batch);
  const auto done =
      // One commit: a crash between two would lose rows, or have them in two batches and send them twice (I1, I3).
      co_await parts_.journal.commit({ports::DropBatch{whole.id, whole.job}, ports::PutBatches{{first, rest}}});
  if (!done) co_return done;
  // The parts hold their keys before the whole lets go: no other order of theirs may start in between.
  auto rest_held = waiting.hold.also(rest.keys);
  auto first_held = waiting.hold.also(first.keys);
  job.started.push_back({.batch = std::move(rest), .due = {}, .hold = std::move(rest_held)});
  waiting = {.batch = std::move(first), .due = {}, .hold = std::move(first_held)};
  co_return done;
}

ports::Task<Result<void>> Fitting::gather(Job& job, Waiting& waiting) {
  const auto most = parts_.settings.batch.orders;
  auto rows = waiting.batch.rows.size();
  if (!waits_to_gather(waiting.batch) || rows >= most) co_return Result<void>{};
  std::vector<Waiting> others;
  for (auto at = job.started.begin(); at != job.started.end();) {
    const auto more = at->batch.rows.size();
    // Only what is due as well: gathering must shorten no backoff.
    const bool joins = go_together(waiting.batch, at->batch) && at->due <= parts_.clock.now() && rows + more <= most;
    rows += joins ? more : 0;
    if (joins) others.push_back(std::move(*at));
    at = joins ? job.started.erase(at) : at + 1;
  }
  if (others.empty()) co_return Result<void>{};
  std::vector<const ports::Batch*> batches{&waiting.batch};
  for (const auto& other : others) batches.push_back(&other.batch);
  std::vector<ports::Change> changes;
  for (const auto* one : batches) changes.emplace_back(ports::DropBatch{one->id, one->job});
  auto all = gathered(parts_.next_batch(), batches);
  changes.emplace_back(ports::PutBatches{{all}});
  const auto done = co_await parts_.journal.commit(std::move(changes));
  if (!done) {
    // Nothing was written, so all of them wait again as the ledger has them.
    std::ranges::move(others, std::back_inserter(job.started));
    co_return done;
  }
  waiting.batch = std::move(all);
  for (auto& other : others) waiting.hold.join(std::move(other.hold));
  co_return done;
}

std::optional<Sifted> sift(const ports::Batch& batch, const std::vector<orders::Order>& orders, const Doubts& doubts,
                           text::Lang lang, WallTime wall) {
  orders::LastValues last;
  const auto why_not = [&](const orders::Order& order) { return why_not_now(order, doubts, wall, last); };
  if (std::ranges::none_of(orders, [&](const auto& order) { return why_not(order).has_value(); })) return std::nullopt;
  Sifted sifted;
  auto left = ports::without_rows(batch);
  for (std::size_t i = 0; i < orders.size(); ++i) {
    const auto why = why_not(orders[i]);
    if (!why) {
      ports::copy_row(batch, i, left);
      sifted.good.push_back(orders[i]);
      continue;
    }
    records::RowResult result;
    result.row = batch.rows[i].row;
    result.outcome = why->outcome;
    result.message = text::say(lang, why->why);
    result.at = wall;
    sifted.consequence.settled.push_back(std::move(result));
  }
  if (!left.rows.empty()) sifted.consequence.next.push_back(std::move(left));
  return sifted;
}

std::pair<ports::Batch, ports::Batch> split(const ports::Batch& batch, std::size_t most,
                                            const std::function<BatchId()>& next_batch) {
  auto first = ports::without_rows(batch);
  first.state = ports::BatchState::waiting;
  // New numbers, because a number names one set of rows for good: the log and results refer to it.
  first.body_hash = 0;  // of other rows than these
  auto rest = first;
  first.id = next_batch();
  rest.id = next_batch();
  for (std::size_t i = 0; i < batch.rows.size(); ++i) ports::copy_row(batch, i, i < most ? first : rest);
  return {std::move(first), std::move(rest)};
}

bool waits_to_gather(const ports::Batch& batch) {
  return batch.past.internal_errors > 0 && !batch.past.maybe_applied && batch.body_hash == 0 &&
         batch.not_before.has_value();
}

bool go_together(const ports::Batch& one, const ports::Batch& other) {
  return waits_to_gather(one) && waits_to_gather(other) && one.past == other.past;
}

ports::Batch gathered(BatchId id, const std::vector<const ports::Batch*>& batches) {
  // In the file's order, as the plan made them: a body must not depend on which answer came first (I7).
  std::map<std::uint64_t, std::pair<const ports::Batch*, std::size_t>> in_file_order;
  for (const auto* batch : batches) {
    for (std::size_t i = 0; i < batch->rows.size(); ++i) in_file_order[batch->rows[i].row] = {batch, i};
  }
  auto all = ports::without_rows(*batches.front());
  all.id = id;
  for (const auto& [row, place] : in_file_order) ports::copy_row(*place.first, place.second, all);
  return all;
}

}  // namespace sluice::pipeline
