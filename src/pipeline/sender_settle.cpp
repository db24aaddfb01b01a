// What follows from an answer: for the line, for the rows, and, durably, for the ledger.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "sender_sent.hpp"
#include "sluice/base/check.hpp"
#include "sluice/base/failpoint.hpp"
#include "sluice/pipeline/mutation.hpp"

namespace sluice::pipeline {

namespace {

using orders::AnswerClass;

constexpr auto kThrottlePause = std::chrono::seconds(2);  // docs/api.md, throttled
constexpr std::uint64_t kJudgeAfter = 100;                // guard.stop_when_refused

std::size_t position(const std::vector<records::RowRef>& rows, std::uint64_t row) {
  const auto at = std::ranges::lower_bound(rows, row, {}, &records::RowRef::row);
  SLUICE_CHECK(at != rows.end() && at->row == row, "a settled row is one of its batch");
  return static_cast<std::size_t>(at - rows.begin());
}

ports::PutDoubts doubts_of(const Waiting& before, const std::vector<orders::Order>& orders,
                           const std::vector<records::RowResult>& settled, WallTime now) {
  ports::PutDoubts put;
  for (const auto& result : settled) {
    if (result.outcome != records::Outcome::in_doubt) continue;
    const auto& order = orders[position(before.batch.rows, result.row)];
    put.doubts.push_back({.order_hash = order.hash(),
                          .order = orders::body(std::span(&order, 1)),
                          .job = before.batch.job,
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

}  // namespace

void Sender::tell_line(const Sent& sent, const Exchanged& exchanged) {
  auto& line = parts_.line;
  const auto now = parts_.clock.now();
  const auto wall = parts_.clock.wall();
  if (!exchanged) {
    if (parts_.stop.cut) return;
    const auto& broken = exchanged.error();
    if (broken.bytes_out) {
      line.ambiguous_answer(sent.taken.start, now, wall, broken.error.words);
    } else {
      line.unreachable(broken.error, now, wall, parts_.clock.random());
    }
  } else {
    switch (exchanged->what) {
      case AnswerClass::answered:
        parts_.gate.clean();
        line.usable_answer(sent.taken.start, now);
        break;
      case AnswerClass::bad_request:
      case AnswerClass::too_large:
        line.usable_answer(sent.taken.start, now);
        break;
      case AnswerClass::throttled:
        ++throttled_;
        parts_.gate.throttled(sent.taken.start, exchanged->retry_after.value_or(kThrottlePause));
        turn_away();
        break;
      case AnswerClass::unauthorized:
      case AnswerClass::forbidden:
      case AnswerClass::misrouted:
      case AnswerClass::misrouted_maybe:
        line.refused_line(exchanged->what, sent.taken.start, now, wall, exchanged->words);
        break;
      case AnswerClass::ambiguous:
        line.ambiguous_answer(sent.taken.start, now, wall, exchanged->words);
        break;
      case AnswerClass::repeat:
        break;
    }
  }
  if (sent.probe) line.probe_ended();
  if (!line.open()) turn_away();
}

AfterAnswer Sender::context(const Job& job, const Waiting& waiting) const {
  const auto now = parts_.clock.now();
  const auto since = waiting.lost_since.value_or(now);
  const auto usable = parts_.line.last_usable();
  return {.settings = parts_.settings,
          .now = parts_.clock.wall(),
          .random = parts_.clock.random(),
          .lang = job.lang(),
          .braking = parts_.line.braking(now),
          .may_give_up = (usable && *usable > since) || now - since >= parts_.settings.retry.outage,
          .cut = parts_.stop.cut};
}

std::vector<Waiting> Sender::take_over(Job& job, Waiting& before, const Consequence& consequence) {
  std::vector<Waiting> kept;
  for (const auto& batch : consequence.next) {
    Waiting waiting{.batch = batch, .due = {}, .hold = before.hold.also(batch.keys), .lost_since = before.lost_since};
    to_boottime(waiting, parts_.clock, parts_.settings);
    kept.push_back(std::move(waiting));
  }
  before.hold = {};
  job.header.counts += counted(consequence.settled);
  return kept;
}

ports::Task<std::optional<std::vector<Waiting>>> Sender::apply(Job& job, Waiting& before,
                                                               const std::vector<orders::Order>& orders,
                                                               Consequence consequence, std::uint64_t requests) {
  const auto& batch = before.batch;
  std::vector<ports::Change> changes;
  bool stays = false;
  for (auto& next : consequence.next) {
    if (next.id == BatchId{0}) next.id = parts_.next_batch();
    stays = stays || next.id == batch.id;
  }
  if (!stays) changes.emplace_back(ports::DropBatch{batch.id, batch.job});
  if (!consequence.next.empty()) changes.emplace_back(ports::PutBatches{consequence.next});
  if (!consequence.settled.empty()) changes.emplace_back(ports::PutRows{batch.job, consequence.settled});
  changes.emplace_back(ports::AddCounts{batch.job, counted(consequence.settled), requests});
  if (requests > 0 && batch.past.sends == 1) changes.emplace_back(ports::CountFirstSends{day_, batch.rows.size()});
  auto doubts = doubts_of(before, orders, consequence.settled, parts_.clock.wall());
  if (!doubts.doubts.empty()) changes.emplace_back(doubts);
  if (mutated(Mutation::settle_before_commit)) {
    job.header.requests += requests;
    auto kept = take_over(job, before, consequence);
    exchanges_.spawn(commit_behind(std::move(changes)));
    co_return kept;
  }
  SLUICE_FAILPOINT("sender.before_settle");
  if (!co_await parts_.journal.commit_surely(std::move(changes))) co_return std::nullopt;
  SLUICE_FAILPOINT("sender.settled");
  parts_.doubts.add(std::move(doubts.doubts));
  job.header.requests += requests;
  co_return take_over(job, before, consequence);
}

ports::Task<void> Sender::commit_behind(std::vector<ports::Change> changes) {
  co_await parts_.journal.commit_surely(std::move(changes));
}

void Sender::count_refusals(Job& job, const std::vector<records::RowResult>& settled) {
  for (const auto& result : settled) {
    if (!result.status) continue;
    ++job.answered;
    if (result.outcome == records::Outcome::refused) ++job.refused_by_status[*result.status];
  }
}

ports::Task<void> Sender::settle(Sent& sent, Exchanged exchanged) {
  auto& job = sent.job;
  auto consequence = after_answer(sent.waiting.batch, sent.orders, exchanged, context(job, sent.waiting));
  const auto settled = consequence.settled;
  auto kept = co_await apply(job, sent.waiting, sent.orders, std::move(consequence), 1);
  if (!kept) co_return;
  for (auto& waiting : *kept) job.started.push_back(std::move(waiting));
  count_refusals(job, settled);
  const auto percent = parts_.settings.guard.stop_when_refused;
  const bool decided = job.header.released || job.decided().cancelled || job.held();
  if (job.answered < kJudgeAfter || job.unsettled() == 0 || percent == 0 || decided) co_return;
  for (const auto& [status, count] : job.refused_by_status) {
    if (count * 100 < job.answered * percent) continue;
    co_await hold(job, ports::Hold::refused_alike,
                  fmt::format("{} of the first {} orders were refused with status {}: look at the results so far (is a "
                              "column mapped wrongly?), then `sluice release {}` or `sluice cancel {}`",
                              count, job.answered, status, to_string(job.id()), to_string(job.id())));
    co_return;
  }
}

ports::Task<void> Sender::hold(Job& job, ports::Hold why, std::string words) {
  // A file that is gone or changed overrules: what was begun of it can't be known, and nothing waits for that.
  if (job.held() && (why != ports::Hold::file_changed || job.header.hold == why)) co_return;
  if (why == ports::Hold::file_changed) {
    words += fmt::format("; with the content it had, `sluice release {}` goes on", to_string(job.id()));
  }
  spdlog::warn("{} is held: {}", to_string(job.id()), words);
  job.put_on_hold(why, std::move(words));
  co_await parts_.journal.commit_hold(job);
  job.changed->wake();
}

ports::Task<bool> Sender::settle_waiting(Job& job, Waiting& waiting) {
  std::vector<orders::Order> orders;
  if (waiting.batch.past.maybe_applied) {
    auto read = co_await read_orders(job, waiting.batch.rows);
    if (!read) {
      const auto& error = read.error();
      if (is_lost(error)) {
        co_await hold(job, ports::Hold::file_changed, error.words);
      } else {
        job.waits = error.words;
      }
      co_return false;
    }
    orders = std::move(*read);
  }
  const Consequence consequence{.settled = after_cancel(waiting.batch, job.lang(), parts_.clock.wall()), .next = {}};
  co_return (co_await apply(job, waiting, orders, consequence, 0)).has_value();
}

ports::Task<bool> Sender::settle_cancelled(Job& job) {
  std::ranges::move(job.fresh, std::back_inserter(job.started));
  job.fresh.clear();
  while (!job.started.empty() || job.more_fresh) {
    while (!job.started.empty()) {
      if (!co_await settle_waiting(job, job.started.back())) {
        forget(job);
        co_return false;
      }
      job.started.pop_back();
    }
    auto more = co_await parts_.journal.ledger().batches(job.id(), true, BatchId{}, kPage);
    if (!more) {
      forget(job);
      co_return false;
    }
    job.more_fresh = !more->empty();
    for (auto& batch : *more) job.started.push_back({.batch = std::move(batch)});
  }
  co_return true;
}

}  // namespace sluice::pipeline
