// What rows go through over several requests: internal errors, crashes, cancelling, and what holds for all of it.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "fake_clock.hpp"
#include "pipeline/after_answer.hpp"
#include "samples.hpp"

namespace sluice::pipeline {
namespace {

using orders::AnswerClass;
using ports::Batch;
using records::Outcome;
using namespace std::chrono_literals;

const config::Settings kDefaults;

AfterAnswer context(WallTime now = kNoon) {
  return {.settings = kDefaults, .now = now};
}

Exchanged timed_out() {
  return std::unexpected(ports::Broken{.bytes_out = true, .error = {ErrorKind::network, "timed out"}});
}

Consequence after(const Batch& batch, Exchanged exchanged, const AfterAnswer& context) {
  return after_answer(batch, orders_of(batch), exchanged, context);
}

/// The next request with these rows, as the sender announces it.
Batch sent_again(Batch batch) {
  if (batch.id == BatchId{0}) batch.id = BatchId{8};
  batch.state = ports::BatchState::sending;
  ++batch.past.sends;
  return batch;
}

TEST(RowHistory, AnInternalErrorGoesAgainLaterAndLaterAndFailsAtLast) {
  auto batch = batch_of(1);
  auto last = 0s;
  for (std::uint32_t attempt = 1; attempt < kDefaults.retry.attempts; ++attempt) {
    const auto follow = after(batch, statuses({9}), context());
    ASSERT_TRUE(follow.settled.empty()) << attempt;
    const auto& next = follow.next.at(0);
    EXPECT_FALSE(next.past.maybe_applied);
    EXPECT_EQ(next.past.internal_errors, attempt);
    const auto delay = *next.not_before - kNoon;
    EXPECT_GE(delay, 6s * (1 << (attempt - 1)));
    EXPECT_GT(delay, last);
    last = std::chrono::ceil<std::chrono::seconds>(delay);
    batch = sent_again(next);
  }
  const auto end = after(batch, statuses({9}), context());
  ASSERT_EQ(end.settled.size(), 1);
  EXPECT_EQ(end.settled[0].outcome, Outcome::failed);
  EXPECT_EQ(end.settled[0].attempts, kDefaults.retry.attempts);
}

TEST(RowHistory, InternalErrorsOfOneStretchAreGatheredAtOneMoment) {
  std::set<WallTime> moments;
  for (const auto apart : {0ms, 700ms, 2300ms, 5999ms}) {
    // 12:00:00.001 begins a stretch of 6 s: what comes within it goes together.
    moments.insert(*after(batch_of(1), statuses({9}), context(kNoon + 1ms + apart)).next.at(0).not_before);
  }
  EXPECT_EQ(moments.size(), 1);
}

TEST(RowHistory, OfFiftyFortySevenSettleAndThreeGoOnAndHalve) {
  std::vector<int> said(50, 1);
  said[9] = said[19] = said[29] = 9;
  said[39] = 2;
  const auto first = after(batch_of(50), statuses(said), context());
  EXPECT_EQ(first.settled.size(), 47);
  ASSERT_EQ(first.next.size(), 1);
  auto batch = first.next[0];
  EXPECT_EQ(batch.id, BatchId{0});
  EXPECT_EQ(rows_of(batch), (std::vector<std::uint64_t>{10, 20, 30}));
  EXPECT_FALSE(batch.past.maybe_applied);

  for (std::uint32_t attempt = 1; attempt < kDefaults.retry.attempts; ++attempt) {
    auto follow = after(sent_again(batch), timed_out(), context());
    ASSERT_EQ(follow.next.size(), 1);
    batch = follow.next[0];
    EXPECT_EQ(batch.id, BatchId{8}) << "a resend is the same batch";
  }
  const auto halves = after(sent_again(batch), timed_out(), context());
  ASSERT_EQ(halves.next.size(), 2);
  EXPECT_EQ(rows_of(halves.next[0]), (std::vector<std::uint64_t>{10, 20}));
  EXPECT_EQ(rows_of(halves.next[1]), (std::vector<std::uint64_t>{30}));
  for (const auto& half : halves.next) {
    EXPECT_TRUE(half.past.maybe_applied);
    EXPECT_GT(half.past.internal_errors, 0);
    EXPECT_EQ(half.past.lost_answers, 0);
    EXPECT_EQ(half.past.sends, 6) << "the rows have been in six requests";
  }
}

TEST(RowHistory, ACrashCostsNoAttempt) {
  auto batch = batch_of(3);
  batch.past.lost_answers = 2;
  const auto follow = after_crash(batch, context());
  ASSERT_EQ(follow.next.size(), 1);
  EXPECT_TRUE(follow.next[0].past.maybe_applied);
  EXPECT_EQ(follow.next[0].state, ports::BatchState::waiting);
  EXPECT_EQ(follow.next[0].past.lost_answers, 2);
  EXPECT_EQ(follow.next[0].body_hash, batch.body_hash) << "what is sent again must be what was sent";
  batch.past.lost_answers = 99;
  EXPECT_EQ(after_crash(batch, context()).settled.size(), 0) << "the API may still say what became of it";
}

TEST(RowHistory, ACrashOnHoldLeavesInDoubt) {
  config::Settings hold;
  hold.retry.in_doubt = config::InDoubt::hold;
  const auto follow = after_crash(batch_of(3), {.settings = hold, .now = kNoon});
  EXPECT_TRUE(follow.next.empty());
  ASSERT_EQ(follow.settled.size(), 3);
  for (const auto& result : follow.settled) EXPECT_EQ(result.outcome, Outcome::in_doubt);
}

TEST(RowHistory, HalvesOfABatchThatLostItsAnswersWaitForTheRepeatGuardAsTheWholeWould) {
  auto batch = batch_of(4);
  batch.past.lost_answers = kDefaults.retry.attempts - 1;
  const auto follow = after(batch, timed_out(), context());
  ASSERT_EQ(follow.next.size(), 2);
  for (const auto& half : follow.next) {
    ASSERT_TRUE(half.not_before);
    EXPECT_GE(*half.not_before, kNoon + kDefaults.retry.first_delay);
  }
}

TEST(RowHistory, CancellingSaysWhatIsKnownOfEachRow) {
  struct Row {
    bool maybe_applied, internal_error;
    Outcome outcome;
  };
  for (const auto& row : {Row{false, false, Outcome::not_sent}, Row{false, true, Outcome::failed},
                          Row{true, false, Outcome::in_doubt}, Row{true, true, Outcome::in_doubt}}) {
    auto batch = batch_of(2);
    batch.past.maybe_applied = row.maybe_applied;
    batch.past.internal_errors = row.internal_error ? 1 : 0;
    const auto settled = after_cancel(batch, text::Lang::en, text::Word::not_placed, kNoon);
    ASSERT_EQ(settled.size(), 2);
    for (const auto& result : settled) EXPECT_EQ(result.outcome, row.outcome);
  }
}

/// Anything that may come of a request.
Exchanged anything(std::size_t rows, std::mt19937_64& random) {
  using enum AnswerClass;
  constexpr AnswerClass classes[] = {throttled,       throttled_maybe, unauthorized,    unauthorized_maybe, forbidden,
                                     forbidden_maybe, misrouted,       misrouted_maybe, try_elsewhere,      unfinished,
                                     bad_request,     too_large,       repeat,          ambiguous};
  const auto what = random() % 20;
  if (what < std::size(classes)) return answer_of(classes[what]);
  if (what < 16) return std::unexpected(ports::Broken{.bytes_out = what == 15, .error = {ErrorKind::network, "cut"}});
  std::vector<int> said;
  for (std::size_t i = 0; i < rows; ++i) said.push_back(static_cast<int>(random() % 12));
  return statuses(said);
}

void expect_each_row_once(const Batch& batch, const Consequence& follow) {
  std::multiset<std::uint64_t> rows;
  for (const auto& result : follow.settled) rows.insert(result.row);
  for (const auto& next : follow.next) {
    for (const auto row : rows_of(next)) rows.insert(row);
  }
  const auto all = rows_of(batch);
  EXPECT_TRUE(std::ranges::equal(rows, all));
}

TEST(RowHistory, EveryRowIsSettledOrInOneBatchAndADoubtfulOneIsNeverCalledUnplaced) {
  std::mt19937_64 random(20240115);
  for (int round = 0; round < 20'000; ++round) {
    auto settings = kDefaults;
    settings.retry.in_doubt = random() % 4 == 0 ? config::InDoubt::hold : config::InDoubt::resend;
    settings.retry.attempts = static_cast<std::uint32_t>(1 + random() % 6);
    auto batch = batch_of(1 + random() % 7);
    batch.past.maybe_applied = random() % 2 == 0;
    batch.past.lost_answers = static_cast<std::uint32_t>(random() % 7);
    batch.past.internal_errors = static_cast<std::uint32_t>(random() % 7);
    const AfterAnswer context{.settings = settings,
                              .now = kNoon,
                              .random = random(),
                              .lost_answer = static_cast<LostAnswer>(random() % 3),
                              .may_give_up = random() % 2 == 0};
    const auto follow = after(batch, anything(batch.rows.size(), random), context);
    expect_each_row_once(batch, follow);
    for (const auto& next : follow.next) {
      EXPECT_TRUE(std::ranges::is_sorted(rows_of(next)));
      EXPECT_FALSE(next.rows.empty() || next.state != ports::BatchState::waiting);
      EXPECT_TRUE(next.past.maybe_applied || !batch.past.maybe_applied) << "what may be applied stays so";
      EXPECT_GE(next.past.internal_errors, batch.past.internal_errors);
    }
    for (const auto& result : follow.settled) {
      const bool unplaced = result.outcome == Outcome::failed || result.outcome == Outcome::not_sent;
      const auto says =
          result.status ? orders::find_status(orders::service(orders::ServiceId::create), *result.status) : nullptr;
      const bool explained = says == nullptr || says->own_success_explains;
      EXPECT_FALSE(batch.past.maybe_applied && (unplaced || (result.outcome == Outcome::refused && explained)));
    }
    if (HasFailure()) FAIL() << "round " << round;
  }
}

}  // namespace
}  // namespace sluice::pipeline
