// The table of docs/api.md, "What each answer means", read back row by row.
#include "pipeline/after_answer.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "fake_clock.hpp"
#include "samples.hpp"

namespace sluice::pipeline {
namespace {

using orders::AnswerClass;
using ports::Batch;
using records::Outcome;
using namespace std::chrono_literals;

config::Settings on(config::InDoubt policy) {
  config::Settings settings;
  settings.retry.in_doubt = policy;
  return settings;
}
const config::Settings kResend = on(config::InDoubt::resend);
const config::Settings kHold = on(config::InDoubt::hold);

AfterAnswer context(const config::Settings& settings = kResend) {
  return {.settings = settings, .now = kNoon};
}

Consequence after(const Batch& batch, Exchanged exchanged, const AfterAnswer& context) {
  return after_answer(batch, orders_of(batch), exchanged, context);
}

Exchanged broken(bool bytes_out) {
  return std::unexpected(ports::Broken{.bytes_out = bytes_out, .error = {ErrorKind::network, "reset"}});
}

/// A consequence in a word: an outcome where all rows are settled; "same": the batch as it was; "again": perhaps
/// applied, an attempt spent; "free": perhaps applied, none spent; "asked again": one order alone, not applied, an
/// attempt spent; "halves" and "doubtful halves".
std::string follows(const Batch& batch, const Consequence& consequence) {
  const auto& settled = consequence.settled;
  const auto& next = consequence.next;
  if (settled.size() == batch.rows.size() && next.empty()) return std::string(records::name(settled.front().outcome));
  if (!settled.empty() || next.empty() || next.size() > 2) return "a mixture";
  for (const auto& each : next) {
    if (each.state != ports::BatchState::waiting) return "announced, or as planned";
  }
  if (next.size() == 2) {
    auto rows = rows_of(next[0]);
    for (const auto row : rows_of(next[1])) rows.push_back(row);
    const bool sound = rows == rows_of(batch) && next[0].rows.size() - next[1].rows.size() <= 1;
    for (const auto& half : next) {
      if (!sound || half.id != BatchId{0} || half.past.lost_answers != 0 || half.body_hash != 0) return "bad halves";
    }
    return next[0].past.maybe_applied && next[1].past.maybe_applied ? "doubtful halves" : "halves";
  }
  const auto& back = next.front();
  if (back.id != batch.id || rows_of(back) != rows_of(batch) || back.body_hash != batch.body_hash) return "another";
  const auto spent = back.past.lost_answers - batch.past.lost_answers;
  if (!back.not_before) return back.past.maybe_applied == batch.past.maybe_applied && spent == 0 ? "same" : "at once";
  if (!back.past.maybe_applied) return spent == 1 && back.rows.size() == 1 ? "asked again" : "forgotten";
  return spent == 1 ? "again" : spent == 0 ? "free" : "overcharged";
}

struct Row {
  std::string_view name;
  Exchanged exchanged;
  std::string_view clean_one, clean_many, doubtful_one, doubtful_many;          // resend
  std::string_view held_one, held_many, held_doubtful_one, held_doubtful_many;  // hold
};

std::vector<Row> table() {
  const auto unchanged = [](std::string_view name, Exchanged exchanged) {
    return Row{name, std::move(exchanged), "same", "same", "same", "same", "same", "same", "same", "same"};
  };
  const auto refused = [](std::string_view name, AnswerClass what, std::string_view one) {
    return Row{name,     answer_of(what), one,        "halves",         "in_doubt", "doubtful halves",
               "failed", "halves",        "in_doubt", "doubtful halves"};
  };
  const auto doubtful = [](std::string_view name, Exchanged exchanged, std::string_view resent) {
    return Row{name,   std::move(exchanged), resent,     resent,     resent,
               resent, "in_doubt",           "in_doubt", "in_doubt", "in_doubt"};
  };
  return {unchanged("throttled", answer_of(AnswerClass::throttled)),
          unchanged("unauthorized", answer_of(AnswerClass::unauthorized)),
          unchanged("forbidden", answer_of(AnswerClass::forbidden)),
          unchanged("misrouted", answer_of(AnswerClass::misrouted)),
          unchanged("not sent", broken(false)),
          refused("bad request", AnswerClass::bad_request, "asked again"),
          refused("too large", AnswerClass::too_large, "failed"),
          doubtful("repeat", answer_of(AnswerClass::repeat), "again"),
          doubtful("unfinished", answer_of(AnswerClass::unfinished), "again"),
          doubtful("ambiguous", answer_of(AnswerClass::ambiguous), "again"),
          doubtful("cut after the first byte", broken(true), "again"),
          doubtful("throttled, maybe", answer_of(AnswerClass::throttled_maybe), "free"),
          doubtful("unauthorized, maybe", answer_of(AnswerClass::unauthorized_maybe), "free"),
          doubtful("forbidden, maybe", answer_of(AnswerClass::forbidden_maybe), "free"),
          doubtful("misrouted, maybe", answer_of(AnswerClass::misrouted_maybe), "free")};
}

std::string outcome_of(const Row& row, std::uint64_t rows, bool maybe, const config::Settings& settings) {
  auto batch = batch_of(rows);
  batch.past.maybe_applied = maybe;
  return follows(batch, after(batch, row.exchanged, context(settings)));
}

TEST(AfterAnswer, EachClassDoesWhatTheTableSays) {
  for (const auto& row : table()) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(outcome_of(row, 1, false, kResend), row.clean_one);
    EXPECT_EQ(outcome_of(row, 5, false, kResend), row.clean_many);
    EXPECT_EQ(outcome_of(row, 1, true, kResend), row.doubtful_one);
    EXPECT_EQ(outcome_of(row, 5, true, kResend), row.doubtful_many);
    EXPECT_EQ(outcome_of(row, 1, false, kHold), row.held_one);
    EXPECT_EQ(outcome_of(row, 5, false, kHold), row.held_many);
    EXPECT_EQ(outcome_of(row, 1, true, kHold), row.held_doubtful_one);
    EXPECT_EQ(outcome_of(row, 5, true, kHold), row.held_doubtful_many);
  }
}

struct LastAttempt {
  std::string_view name;
  LostAnswer lost_answer;
  bool may_give_up;
  std::string_view one, many;
};

TEST(AfterAnswer, TheLastAttemptHalvesOrLeavesInDoubtUnlessItIsAnOutage) {
  const LastAttempt table[] = {
      {"others are answered", LostAnswer::costs_attempt, true, "in_doubt", "doubtful halves"},
      {"nobody is answered", LostAnswer::costs_attempt, false, "again", "again"},
      {"the brake is on", LostAnswer::costs_nothing, true, "free", "free"},
      {"we cut it, stopping", LostAnswer::was_cut, true, "free", "free"},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.name);
    auto context = pipeline::context();
    context.lost_answer = row.lost_answer;
    context.may_give_up = row.may_give_up;
    for (const std::uint64_t rows : {1, 5}) {
      auto batch = batch_of(rows);
      batch.past.lost_answers = kResend.retry.attempts - 1;
      EXPECT_EQ(follows(batch, after(batch, broken(true), context)), rows == 1 ? row.one : row.many);
    }
  }
}

TEST(AfterAnswer, AttemptsThatNobodyAnsweredAreUsedUpOnceOthersAre) {
  auto batch = batch_of(4);
  batch.past.maybe_applied = true;
  batch.past.lost_answers = kResend.retry.attempts + 3;
  EXPECT_EQ(follows(batch, after(batch, broken(true), context())), "doubtful halves");
}

TEST(AfterAnswer, TheFirstAmbiguousAnswerIsRememberedUntilOneCanBeRead) {
  auto patient = context();
  patient.may_give_up = false;
  const auto first = after(batch_of(4), broken(true), patient).next.at(0);
  EXPECT_EQ(first.past.lost_since, kNoon);
  patient.now += 1min;
  EXPECT_EQ(after(first, broken(true), patient).next.at(0).past.lost_since, kNoon);
  EXPECT_EQ(after(first, answer_of(AnswerClass::throttled), patient).next.at(0).past.lost_since, kNoon);
  EXPECT_EQ(after(first, answer_of(AnswerClass::too_large), patient).next.at(1).past.lost_since, kNoon);
  EXPECT_EQ(after(first, statuses({9, 9, 9, 9}), patient).next.at(0).past.lost_since, std::nullopt);
  patient.lost_answer = LostAnswer::costs_nothing;
  EXPECT_EQ(after(batch_of(4), broken(true), patient).next.at(0).past.lost_since, std::nullopt);
}

TEST(AfterAnswer, DelaysDoubleUpToTheMostAndARepeatWaitsTenSecondsAtLeast) {
  auto batch = batch_of(2);
  auto patient = context();
  patient.may_give_up = false;
  const auto delay = [&](const Exchanged& exchanged) {
    auto follow = after(batch, exchanged, patient);
    batch = follow.next.at(0);
    return *batch.not_before - kNoon;
  };
  for (const auto expected : {6s, 12s, 24s, 48s, 96s, 192s, 300s, 300s}) EXPECT_EQ(delay(broken(true)), expected);
  batch = batch_of(2);
  EXPECT_EQ(delay(answer_of(AnswerClass::repeat)), 10s);
  EXPECT_EQ(delay(answer_of(AnswerClass::repeat)), 12s);
}

TEST(AfterAnswer, ARowWithoutAnAnswerIsPerhapsAppliedAndTheOthersSettle) {
  const auto batch = batch_of(3);
  const auto follow = after(batch, statuses({1, 0, 2}), context());
  ASSERT_EQ(follow.settled.size(), 2);
  EXPECT_EQ(follow.settled[0].outcome, Outcome::accepted);
  EXPECT_EQ(follow.settled[1].outcome, Outcome::refused);
  EXPECT_EQ(follow.settled[1].row, 3);
  ASSERT_EQ(follow.next.size(), 1);
  EXPECT_EQ(rows_of(follow.next[0]), std::vector<std::uint64_t>{2});
  EXPECT_TRUE(follow.next[0].past.maybe_applied);
  EXPECT_EQ(follow.next[0].id, BatchId{0}) << "another body is another batch";
  EXPECT_EQ(follow.next[0].past.lost_answers, 1);

  const auto held = after(batch, statuses({1, 0, 2}), context(kHold));
  ASSERT_EQ(held.settled.size(), 3);
  EXPECT_TRUE(held.next.empty());
}

TEST(AfterAnswer, AnOrderThatStartsOnAnotherDayThanExpectedSaysSoAndIsCounted) {
  const auto batch = batch_of(2);
  auto answer = statuses({1, 1});
  answer.rows[0]->start_time = "2024-01-16";
  answer.rows[1]->start_time = "2024-01-18";
  const auto follow = after(batch, answer, context());
  EXPECT_EQ(follow.other_starts, 1);
  EXPECT_EQ(follow.settled[0].message, "Created successfully");
  EXPECT_TRUE(
      std::string_view(follow.settled[1].message).starts_with("Created successfully. It becomes active on 2024-01-18"))
      << std::string_view(follow.settled[1].message);
}

TEST(AfterAnswer, AResultSaysWhatTheApiSaidAndHowOftenItWasAsked) {
  auto batch = batch_of(1);
  batch.past.sends = 3;
  auto answer = statuses({1});
  answer.rows[0] = orders::RowAnswer{.status = 1,
                                     .status_text = {},
                                     .order_id = "17872308245801546",
                                     .start_time = "2024-01-16",
                                     .end_time = "2024-03-31"};
  const auto follow = after(batch, answer, context());
  const records::RowResult expected{.row = 1,
                                    .outcome = Outcome::accepted,
                                    .status = 1,
                                    .message = "Created successfully",
                                    .order_id = "17872308245801546",
                                    .start_time = "2024-01-16",
                                    .end_time = "2024-03-31",
                                    .attempts = 3,
                                    .request = "20240115-3-b7-1",
                                    .at = kNoon};
  ASSERT_EQ(follow.settled.size(), 1);
  EXPECT_EQ(follow.settled[0], expected);
}

TEST(AfterAnswer, AStatusThatIsNoNumberLeavesItsPlaceEmptyAndIsSaidInTheMessage) {
  auto answer = statuses({1});
  answer.rows[0] = orders::RowAnswer{.status = {}, .status_text = "abc", .order_id = {}};
  const auto result = after(batch_of(1), answer, context()).settled.at(0);
  EXPECT_EQ(result.status, std::nullopt);
  EXPECT_EQ(result.outcome, Outcome::in_doubt);
  EXPECT_TRUE(std::string_view(result.message)
                  .starts_with("The API answered with a status that is not documented: abc. The order may"))
      << std::string_view(result.message);
}

TEST(AfterAnswer, ANoIsNoProofSoWhatOurOwnSuccessCanCauseIsInDoubtAfterIt) {
  for (const auto what : {AnswerClass::throttled, AnswerClass::unauthorized, AnswerClass::forbidden,
                          AnswerClass::misrouted, AnswerClass::try_elsewhere}) {
    const auto waits = after(batch_of(2), answer_of(what), context()).next.at(0);
    EXPECT_FALSE(waits.past.maybe_applied);
    const auto settled = after(waits, statuses({6, 2}), context()).settled;
    EXPECT_EQ(settled.at(0).outcome, Outcome::in_doubt) << orders::name(what);
    EXPECT_TRUE(std::string_view(settled.at(0).message)
                    .starts_with(R"(An earlier attempt was answered "words", which proves nothing)"));
    EXPECT_EQ(settled.at(1).outcome, Outcome::refused) << "what no success of ours explains";
  }
  for (const auto what : {AnswerClass::bad_request, AnswerClass::too_large}) {
    const auto half = after(batch_of(2), answer_of(what), context()).next.at(1);
    EXPECT_EQ(after(half, statuses({6}), context()).settled.at(0).outcome, Outcome::in_doubt) << orders::name(what);
  }
  const auto unsent = after(batch_of(1), broken(false), context()).next.at(0);
  EXPECT_EQ(after(unsent, statuses({6}), context()).settled.at(0).outcome, Outcome::refused) << "nothing left";
}

TEST(AfterAnswer, OneOrderCalledABadRequestIsAskedForOnceMoreSoThatALieComesOut) {
  const auto once = after(batch_of(1), answer_of(AnswerClass::bad_request), context()).next.at(0);
  EXPECT_GE(*once.not_before - kNoon, kResend.retry.first_delay);
  EXPECT_EQ(after(once, statuses({6}), context()).settled.at(0).outcome, Outcome::in_doubt) << "it had been placed";
  EXPECT_EQ(after(once, statuses({1}), context()).settled.at(0).outcome, Outcome::accepted);
  EXPECT_EQ(after(once, answer_of(AnswerClass::bad_request), context()).settled.at(0).outcome, Outcome::failed);
  EXPECT_EQ(after(once, answer_of(AnswerClass::ambiguous), context()).next.at(0).past.maybe_applied, true);
}

TEST(AfterAnswer, WhatHasBytesOutAndNoAnswerWaitsUntilTheApiMustHaveEnded) {
  auto slow = context();
  slow.may_still_run = 40s;
  auto last = batch_of(2);
  last.past.lost_answers = kResend.retry.attempts - 1;
  for (const auto& batch : {batch_of(2), last}) {
    for (const auto& next : after(batch, broken(true), slow).next) EXPECT_GE(*next.not_before - kNoon, 40s);
  }
  EXPECT_GE(*after_crash(batch_of(2), slow).next.at(0).not_before - kNoon, 40s);
  EXPECT_EQ(after(batch_of(2), broken(false), slow).next.at(0).not_before, std::nullopt) << "nothing is at work";
}

TEST(AfterAnswer, AnotherConnectionIsTriedWithoutHaste) {
  auto batch = batch_of(1);
  const auto first = after(batch, answer_of(AnswerClass::try_elsewhere), context()).next.at(0);
  EXPECT_GE(*first.not_before - kNoon, kResend.retry.first_delay);
  batch.past.sends = 3;
  const auto third = after(batch, answer_of(AnswerClass::try_elsewhere), context()).next.at(0);
  EXPECT_GE(*third.not_before - *first.not_before, 2 * kResend.retry.first_delay);
}

TEST(AfterAnswer, ARowAcceptedAfterALostAnswerSaysToLookForASecondOrder) {
  auto batch = batch_of(1);
  batch.past.maybe_applied = true;
  const auto result = after(batch, statuses({1}), context()).settled.at(0);
  EXPECT_EQ(result.outcome, Outcome::accepted);
  EXPECT_TRUE(std::string_view(result.message).ends_with("look for a second order"))
      << std::string_view(result.message);
}

/// The message of an order that ends in doubt, after an earlier attempt that may have been applied.
std::string doubt_after_doubt(Batch batch, const Exchanged& exchanged, text::Lang lang = text::Lang::en) {
  batch.past.maybe_applied = true;
  auto last = context();
  last.lang = lang;
  const auto result = after(batch, exchanged, last).settled.at(0);
  EXPECT_EQ(result.outcome, Outcome::in_doubt);
  const std::string said(result.message);
  return said.substr(0, said.find(lang == text::Lang::en ? ". Look" : "。重新"));
}

TEST(AfterAnswer, WhatIsInDoubtOverAnEarlierAttemptSaysSoAndWhatTheLastOneWasAnswered) {
  auto tried = batch_of(1);
  tried.past.internal_errors = kResend.retry.attempts - 1;
  EXPECT_EQ(
      doubt_after_doubt(tried, statuses({9})),
      "An earlier attempt may have been applied, its outcome is unknown; then: Internal service error of the API");
  EXPECT_EQ(doubt_after_doubt(tried, statuses({9}), text::Lang::zh),
            "此前一次尝试可能已生效，结果不明；之后：接口内部服务错误");
  EXPECT_EQ(doubt_after_doubt(batch_of(1), answer_of(AnswerClass::bad_request)),
            "An earlier attempt may have been applied, its outcome is unknown; then: words");
}

TEST(AfterAnswer, OnlyAnAnswerThatNeverCameIsCalledLost) {
  auto last = batch_of(1);
  last.past.lost_answers = kResend.retry.attempts - 1;
  EXPECT_EQ(doubt_after_doubt(last, broken(true)), "May have been applied; the answer was lost (reset)");
  EXPECT_EQ(doubt_after_doubt(last, answer_of(AnswerClass::ambiguous)),
            "May have been applied; the answer does not tell (words)");
}

TEST(AfterAnswer, ACancelledJobLeavesInDoubtWhatAnEarlierAttemptMayHavePlaced) {
  auto batch = batch_of(1);
  batch.past.maybe_applied = true;
  const auto result = after_cancel(batch, text::Lang::zh, text::Word::not_placed, kNoon).at(0);
  EXPECT_EQ(result.outcome, Outcome::in_doubt);
  EXPECT_TRUE(std::string_view(result.message).starts_with("此前一次尝试可能已生效，结果不明；之后：任务已取消。"))
      << std::string_view(result.message);
}

struct Overlap {
  bool maybe_applied, internal_error;
  const config::Settings& settings;
  Outcome outcome;
};

TEST(AfterAnswer, AnOverlapIsOursOnlyWhereAnEarlierAttemptMayHaveGotThrough) {
  const Overlap table[] = {{false, false, kResend, Outcome::refused},
                           {true, false, kResend, Outcome::accepted_earlier},
                           {false, true, kResend, Outcome::accepted_earlier},
                           {false, true, kHold, Outcome::in_doubt},
                           {false, false, kHold, Outcome::refused}};
  for (const auto& row : table) {
    auto batch = batch_of(1);
    batch.past.maybe_applied = row.maybe_applied;
    batch.past.internal_errors = row.internal_error ? 1 : 0;
    EXPECT_EQ(after(batch, statuses({6}), context(row.settings)).settled.at(0).outcome, row.outcome);
  }
}

}  // namespace
}  // namespace sluice::pipeline
