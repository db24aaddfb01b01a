#include "after_answer.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "row_results.hpp"
#include "sluice/base/check.hpp"
#include "sluice/pacing/backoff.hpp"
#include "sluice/text/words/line.hpp"
#include "start_day.hpp"

namespace sluice::pipeline {

namespace {

using orders::AnswerClass;
using ports::Batch;
using records::Outcome;
using records::RowResult;
using text::Message;
using text::Word;

constexpr auto kRepeatDelay = std::chrono::seconds(10);  // docs/api.md, What each answer means

void settle_all(const Batch& batch, Outcome outcome, const AfterAnswer& context, const Message& message,
                Consequence& out) {
  RowResults results(batch, context);
  for (std::size_t i = 0; i < batch.rows.size(); ++i) results.add(i, outcome, message, out.settled);
}

/// The batch goes back to wait, as it was before it was announced but for what the attempt left on it.
Batch returned(const Batch& batch) {
  Batch back = batch;
  back.state = ports::BatchState::waiting;
  back.not_before.reset();
  return back;
}

WallTime delayed(const AfterAnswer& context, std::uint32_t attempt) {
  const auto& retry = context.settings.retry;
  return context.now +
         std::chrono::ceil<Millis>(pacing::backoff(retry.first_delay, retry.max_delay, attempt, context.random));
}

/// When rows that were answered *internal error* go again: all those of one stretch of first_delay together.
WallTime gathered(const AfterAnswer& context, std::uint32_t attempt) {
  const auto at = delayed(context, attempt).time_since_epoch();
  const auto stretch = context.settings.retry.first_delay;
  // Rounded up to a common beat, so that single rows of many batches are due together and cost one request.
  return WallTime{(at + stretch - Millis(1)) / stretch * stretch};
}

/// Some rows of a batch as a new one: another body, so nothing to compare with, and attempts counted from 0.
Batch part(const Batch& batch, std::size_t from, std::size_t to) {
  Batch half = ports::without_rows(returned(batch));
  half.id = BatchId{0};
  for (auto i = from; i < to; ++i) ports::copy_row(batch, i, half);
  // docs/api.md, What each answer means: halves count from 0. What else the rows went through stays with them.
  half.past.lost_answers = 0;
  half.body_hash = 0;
  return half;
}

void halve(const Batch& batch, Consequence& out) {
  const auto middle = batch.rows.size() - batch.rows.size() / 2;
  out.next.push_back(part(batch, 0, middle));
  out.next.push_back(part(batch, middle, batch.rows.size()));
}

/// Of orders that an earlier attempt may have placed; `then` is what came after it.
Message earlier_unknown(const Batch& batch, std::string then) {
  return {Word::earlier_unknown, {std::move(then), to_string(batch.job)}};
}

/// `why` is said of the answer: Word::outcome_unknown, it was lost; Word::outcome_untold, it was read.
Consequence ambiguous(const Batch& batch, Message why, Nanos least_delay, const AfterAnswer& context) {
  why.args.push_back(to_string(batch.job));
  Consequence out;
  // The operator has chosen that nothing is ever sent twice: what is unknown stays unknown until a person looks.
  if (context.settings.retry.in_doubt == config::InDoubt::hold) {
    settle_all(batch, Outcome::in_doubt, context, why, out);
    return out;
  }
  Batch back = returned(batch);
  // For good: no later answer of the same batch can prove that this one was not applied (I4).
  back.past.maybe_applied = true;
  // An outage is not the batch's fault: else one would burn through a whole file (docs/api.md, The brake).
  if (context.lost_answer == LostAnswer::costs_attempt) ++back.past.lost_answers;
  if (back.past.lost_answers > 0 && !back.past.lost_since) back.past.lost_since = context.now;
  if (context.lost_answer != LostAnswer::was_cut && back.past.lost_answers >= context.settings.retry.attempts &&
      context.may_give_up) {
    // One order that makes the API time out would take forty-nine others with it: halving finds it in six steps.
    if (back.rows.size() > 1) {
      halve(back, out);
      const auto soonest = context.now + std::chrono::ceil<Millis>(least_delay);
      for (auto& half : out.next) half.not_before = std::max(delayed(context, 1), soonest);
    } else {
      settle_all(back, Outcome::in_doubt, context, why, out);
    }
    return out;
  }
  const auto attempt = std::max<std::uint32_t>(1, back.past.lost_answers);
  back.not_before = std::max(delayed(context, attempt), context.now + std::chrono::ceil<Millis>(least_delay));
  out.next.push_back(std::move(back));
  return out;
}

/// One order alone that was called a bad request has nothing left that could tell whether that was true: no other
/// status of its own comes. So it is asked for once more, and if it was placed all the same, the API says that it
/// overlaps. On `hold` nobody relies on that.
bool asks_again(const Batch& batch, const AfterAnswer& context) {
  return batch.rows.size() == 1 && !batch.past.maybe_applied && batch.past.lost_answers == 0 &&
         context.settings.retry.in_doubt == config::InDoubt::resend;
}

Consequence ask_again(const Batch& batch, const AfterAnswer& context) {
  Consequence out;
  auto back = returned(batch);
  ++back.past.lost_answers;
  back.not_before = delayed(context, 1);
  out.next.push_back(std::move(back));
  return out;
}

/// Refused as a whole and not applied: smaller parts may pass; one order alone fails, unless an earlier attempt may
/// have been applied.
Consequence refused_whole(const Batch& batch, const orders::Answer& answer, const AfterAnswer& context) {
  Consequence out;
  if (batch.rows.size() > 1) {
    halve(batch, out);
    const auto soonest = context.now + std::chrono::ceil<Millis>(context.halves_wait);
    if (context.halves_wait > Nanos{0}) {
      for (auto& half : out.next) half.not_before = soonest;
    }
    // A refusal of this attempt does not disprove an earlier one: such a row may never end *failed* (I4).
  } else if (batch.past.maybe_applied) {
    settle_all(batch, Outcome::in_doubt, context, earlier_unknown(batch, answer.words), out);
  } else {
    settle_all(batch, Outcome::failed, context,
               {answer.what == AnswerClass::too_large ? Word::too_large_alone : Word::request_refused, {answer.words}},
               out);
  }
  return out;
}

Consequence unchanged(const Batch& batch) {
  Consequence out;
  out.next.push_back(returned(batch));
  return out;
}

/// Sent again without haste: the server is there, and wants another connection.
Consequence elsewhere(const Batch& batch, const AfterAnswer& context) {
  auto out = unchanged(batch);
  // It asked for another connection, and gets one; hurrying would only find the same one again.
  out.next.front().not_before = delayed(context, std::max<std::uint32_t>(1, batch.past.sends));
  return out;
}

/// An answer that said no to all of it. It may have lied, so a later status that our own success can cause is no plain
/// refusal (docs/api.md, A no is not a proof).
Batch told_no(Batch batch, const std::string& words) {
  batch.past.said_no = words;
  return batch;
}

Outcome outcome_of(orders::Verdict verdict) {
  constexpr std::array outcomes = {Outcome::accepted, Outcome::accepted_earlier, Outcome::refused, Outcome::failed,
                                   Outcome::in_doubt};
  return outcomes[static_cast<std::size_t>(verdict)];
}

/// One row that was answered: settled, or kept for a later batch. True: kept.
bool settle_row(const Batch& batch, std::size_t i, const orders::Order& order, orders::RowAnswer& answer,
                const AfterAnswer& context, RowResults& results, Starts& starts, Consequence& out) {
  const orders::RowHistory history{.maybe_applied = batch.past.maybe_applied,
                                   .internal_error = batch.past.internal_errors > 0,
                                   .hold = context.settings.retry.in_doubt == config::InDoubt::hold,
                                   .said_no = batch.past.said_no};
  auto verdict = orders::dispose(order.service(), answer, history);
  auto outcome = outcome_of(verdict.verdict);
  auto message = std::move(verdict.message);
  // *Internal error* is read as not placed, a guess that a later overlap disproves: so it is tried again a few times,
  // in a batch of its own kind.
  if (verdict.verdict == orders::Verdict::retry_later) {
    if (batch.past.internal_errors + 1 < context.settings.retry.attempts) return true;
    outcome = batch.past.maybe_applied ? Outcome::in_doubt : Outcome::failed;
    message = batch.past.maybe_applied
                  ? earlier_unknown(batch, text::say(context.lang, message))
                  : Message{Word::gave_up_internal, {std::to_string(batch.past.internal_errors + 1)}};
  }
  auto& result = results.add(i, outcome, message, out.settled);
  result.status = answer.status;
  result.order_id = std::move(answer.order_id);
  result.start_time = std::move(answer.start_time);
  result.end_time = std::move(answer.end_time);
  // Of an order that an earlier attempt may have placed nobody knows when it was completed.
  if (outcome == Outcome::accepted && !batch.past.maybe_applied) out.other_starts += starts.note(result);
  return false;
}

Consequence answered(const Batch& batch, std::span<const orders::Order> orders, orders::Answer& answer,
                     const AfterAnswer& context) {
  SLUICE_CHECK(answer.rows.size() == batch.rows.size(), "an answer has a place for each order");
  Consequence out;
  // A batch never mixes rows of unlike past: what waits for a status and what waits for an answer part here.
  std::optional<Batch> later;
  std::optional<Batch> unanswered;
  const auto keep = [&](std::size_t i, std::optional<Batch>& rows) {
    if (!rows) rows = part(batch, 0, 0);
    ports::copy_row(batch, i, *rows);
  };
  out.settled.reserve(batch.rows.size());
  RowResults results(batch, context);
  Starts starts(orders.front().service().value(), context);
  for (std::size_t i = 0; i < batch.rows.size(); ++i) {
    if (!answer.rows[i]) {
      keep(i, unanswered);
    } else if (settle_row(batch, i, orders[i], *answer.rows[i], context, results, starts, out)) {
      keep(i, later);
    }
  }
  if (unanswered) {
    // The API answered for some and not for these: each is as unknown as if nothing had come.
    auto follows = ambiguous(*unanswered, {Word::outcome_untold, {answer.words}}, Nanos{0}, context);
    std::ranges::move(follows.settled, std::back_inserter(out.settled));
    std::ranges::move(follows.next, std::back_inserter(out.next));
  }
  if (later) {
    ++later->past.internal_errors;
    // They were answered, so patience with lost answers begins again.
    later->past.lost_since.reset();
    later->not_before = gathered(context, later->past.internal_errors);
    out.next.push_back(*std::move(later));
  }
  return out;
}

/// Something in between has lost its patience, and the API may go on (docs/api.md, Slow answers).
bool may_still_be_at_work(const orders::Answer& answer) {
  return answer.http_status == 408 || answer.http_status == 504 || answer.http_status == 524;
}

}  // namespace

Nanos longest_delay(const config::Settings& settings) {
  const auto& retry = settings.retry;
  // A backoff has up to 10 % of jitter, and gathered() rounds up to the next stretch of first_delay.
  const Nanos backoff = retry.max_delay + retry.max_delay / 10 + retry.first_delay;
  return std::max(backoff, longest_at_work(settings));
}

Nanos longest_at_work(const config::Settings& settings) {
  return std::max<Nanos>(kRepeatDelay, settings.upstream.response_timeout);
}

Consequence after_answer(const Batch& batch, std::span<const orders::Order> orders, Exchanged& exchanged,
                         const AfterAnswer& context) {
  if (!exchanged) {
    // No byte left: nothing can have been applied, and no attempt was spent.
    if (!exchanged.error().bytes_out) return unchanged(batch);
    return ambiguous(batch, {Word::outcome_unknown, {exchanged.error().error.words}}, context.may_still_run, context);
  }
  auto& answer = *exchanged;
  const Message unclear{Word::outcome_untold, {answer.words}};
  switch (answer.what) {
    case AnswerClass::answered:
      return answered(batch, orders, answer, context);
    case AnswerClass::throttled:
    case AnswerClass::unauthorized:
    case AnswerClass::forbidden:
    case AnswerClass::misrouted:
      return unchanged(told_no(batch, answer.words));
    case AnswerClass::try_elsewhere:
      return elsewhere(told_no(batch, answer.words), context);
    case AnswerClass::bad_request:
      if (context.bad_request == BadRequest::of_the_way) return unchanged(told_no(batch, answer.words));
      if (asks_again(batch, context)) return ask_again(told_no(batch, answer.words), context);
      [[fallthrough]];
    case AnswerClass::too_large:
      return refused_whole(told_no(batch, answer.words), answer, context);
    case AnswerClass::throttled_maybe:
    case AnswerClass::unauthorized_maybe:
    case AnswerClass::forbidden_maybe:
    case AnswerClass::misrouted_maybe: {
      auto pausing = context;  // all sending pauses: that costs no attempt
      if (pausing.lost_answer == LostAnswer::costs_attempt) pausing.lost_answer = LostAnswer::costs_nothing;
      return ambiguous(batch, unclear, Nanos{0}, pausing);
    }
    case AnswerClass::repeat:
      return ambiguous(batch, unclear, kRepeatDelay, context);
    case AnswerClass::unfinished:
    case AnswerClass::ambiguous:
      break;
  }
  return ambiguous(batch, unclear, may_still_be_at_work(answer) ? context.may_still_run : Nanos{0}, context);
}

Consequence after_crash(const Batch& batch, const AfterAnswer& context) {
  auto stopped = context;
  stopped.lost_answer = LostAnswer::was_cut;
  return ambiguous(batch, {Word::outcome_unknown, {text::words::cut_by_us()}}, context.may_still_run, stopped);
}

Consequence after_hold(const Batch& batch, const AfterAnswer& context) {
  Consequence out;
  settle_all(batch, Outcome::in_doubt, context,
             earlier_unknown(batch, text::say(context.lang, {Word::hold_meanwhile, {}})), out);
  return out;
}

std::vector<RowResult> after_cancel(const Batch& batch, text::Lang lang, Word undone, WallTime now) {
  const config::Settings defaults;
  const AfterAnswer context{.settings = defaults, .now = now, .lang = lang, .undone = undone};
  Consequence out;
  if (batch.past.maybe_applied) {
    settle_all(batch, Outcome::in_doubt, context,
               earlier_unknown(batch, text::say(lang, {Word::cancelled_meanwhile, {}})), out);
  } else if (batch.past.internal_errors > 0) {
    settle_all(batch, Outcome::failed, context, {Word::cancelled_waiting, {}}, out);
  } else {
    settle_all(batch, Outcome::not_sent, context, {Word::job_cancelled, {}}, out);
  }
  return out.settled;
}

}  // namespace sluice::pipeline
