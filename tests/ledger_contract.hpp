#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "sluice/ports/ledger.hpp"

namespace sluice {

/// What every ports::Ledger must do, whatever is behind it:
///
///   INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, LedgerContract, SqliteLedgerMaker);
///
/// where the maker is default-constructed for each test with an empty ledger, and has
///   ports::Ledger& ledger();
///   template <class T> T wait(ports::Task<T> task);   // runs it to its end, on whatever executor
///   void restart();                                   // as if the process died here: what was durable is left
template <class Maker>
class LedgerContract : public testing::Test {
 protected:
  static JobId id(std::uint64_t n) { return {.day = 20240201, .n = n}; }
  static WallTime at(std::int64_t ms) { return WallTime(Millis(1'700'000'000'000 + ms)); }

  static ports::JobHeader header(std::uint64_t n, ports::JobState state = ports::JobState::sending) {
    ports::JobHeader job;
    job.id = id(n);
    job.name = "orders.csv";
    job.state = state;
    job.content_hash = "c0ffee";
    job.claimed_at = at(static_cast<std::int64_t>(n));
    return job;
  }

  static ports::Batch batch(std::uint64_t number, std::uint64_t job, std::vector<std::uint64_t> rows = {1}) {
    ports::Batch made;
    made.id = BatchId{number};
    made.job = id(job);
    for (const auto row : rows) made.rows.push_back({.row = row, .offset = row * 100, .length = 99});
    return made;
  }

  static records::RowResult row(std::uint64_t n, std::string message = "") {
    records::RowResult result;
    result.row = n;
    result.outcome = records::Outcome::accepted;
    result.message = std::move(message);
    return result;
  }

  static ports::Doubt doubt(std::uint64_t job, std::uint64_t row, WallTime since) {
    return {.order_hash = 7, .order = R"({"uid":"1"})", .job = id(job), .row = row, .since = since};
  }

  /// One commit of these changes; it must be stored.
  template <class... Changes>
  void commit(Changes... changes) {
    std::vector<ports::Change> all;
    (all.emplace_back(std::move(changes)), ...);
    const auto done = maker.wait(ledger().commit(std::move(all)));
    ASSERT_TRUE(done) << done.error().words;
  }

  /// The answer to a question; it must have one.
  template <class T>
  T ask(ports::Task<Result<T>> question) {
    auto answer = maker.wait(std::move(question));
    EXPECT_TRUE(answer) << answer.error().words;
    return answer ? std::move(*answer) : T{};
  }

  std::vector<std::uint64_t> row_numbers(std::uint64_t job, std::uint64_t after = 0, std::size_t limit = 1000) {
    std::vector<std::uint64_t> numbers;
    for (const auto& one : ask(ledger().rows(id(job), after, limit))) numbers.push_back(one.row);
    return numbers;
  }

  std::vector<std::uint64_t> batch_numbers(std::uint64_t job, bool fresh = true, std::uint64_t after = 0,
                                           std::size_t limit = 1000) {
    std::vector<std::uint64_t> numbers;
    for (const auto& one : ask(ledger().batches(id(job), fresh, BatchId{after}, limit))) {
      numbers.push_back(number(one.id));
    }
    return numbers;
  }

  ports::Ledger& ledger() { return maker.ledger(); }

  Maker maker;
};

TYPED_TEST_SUITE_P(LedgerContract);

TYPED_TEST_P(LedgerContract, BeginsEmpty) {
  EXPECT_TRUE(this->ask(this->ledger().open_jobs()).empty());
  EXPECT_FALSE(this->ask(this->ledger().job(this->id(1))).has_value());
  EXPECT_TRUE(this->row_numbers(1).empty());
  EXPECT_TRUE(this->batch_numbers(1).empty());
  EXPECT_TRUE(this->ask(this->ledger().doubts(this->at(0))).empty());
  EXPECT_EQ(this->ask(this->ledger().first_sends(20240201)), 0);
  EXPECT_EQ(this->ask(this->ledger().note("paused")), "");
  EXPECT_EQ(this->ask(this->ledger().numbers()).job, 0);
  EXPECT_EQ(this->ask(this->ledger().numbers()).batch, 0);
}

TYPED_TEST_P(LedgerContract, KeepsEveryFieldOfAHeader) {
  ports::JobHeader job;
  job.id = {.day = 20240229, .n = 4'000'000'000'123};
  job.name = std::string("\xff\n\"';--\xe8\xae\xa2\xe5\x8d\x95.csv");
  job.state = ports::JobState::staged;
  job.source = {.device = 1, .inode = ~std::uint64_t{0}, .size = 3, .mtime_ns = -4, .ctime_ns = 5};
  job.file = {.device = 6, .inode = 7, .size = ~std::uint64_t{0} - 1, .mtime_ns = 9, .ctime_ns = -10};
  job.service = orders::ServiceId::modify;
  job.format = std::string("a\0b", 3);
  job.ascii = true;
  job.chinese = true;
  job.base_url = "https://example.test/prod-api/";
  job.content_hash = "abcdef";
  job.rows = 11;
  job.counts = {0, 1, 2, 3, 4, 5, 6, 7, 8};
  job.requests = 12;
  job.hold = ports::Hold::refused_alike;
  job.hold_words = "why";
  job.released = true;
  job.cancelled = true;
  job.reason = "because";
  job.exit = 3;
  job.claimed_at = this->at(1);
  job.started_at = this->at(2);
  job.finished_at = this->at(3);
  this->commit(ports::PutJob{job});
  this->maker.restart();

  const auto back = this->ask(this->ledger().job(job.id));
  ASSERT_TRUE(back);
  EXPECT_EQ(std::tie(back->id, back->id.day), std::tie(job.id, job.id.day));
  EXPECT_EQ(back->name, job.name);
  EXPECT_EQ(back->state, job.state);
  EXPECT_EQ(back->source, job.source);
  EXPECT_EQ(back->file, job.file);
  EXPECT_EQ(back->service, job.service);
  EXPECT_EQ(back->format, job.format);
  EXPECT_EQ(std::tie(back->ascii, back->chinese, back->released, back->cancelled),
            std::tie(job.ascii, job.chinese, job.released, job.cancelled));
  EXPECT_EQ(std::tie(back->base_url, back->content_hash, back->rows, back->requests),
            std::tie(job.base_url, job.content_hash, job.rows, job.requests));
  EXPECT_EQ(back->counts, job.counts);
  EXPECT_EQ(std::tie(back->hold, back->hold_words, back->reason, back->exit),
            std::tie(job.hold, job.hold_words, job.reason, job.exit));
  EXPECT_EQ(std::tie(back->claimed_at, back->started_at, back->finished_at),
            std::tie(job.claimed_at, job.started_at, job.finished_at));
}

TYPED_TEST_P(LedgerContract, TellsTimesThatAreNotThereFromTheEpoch) {
  auto job = this->header(1);
  job.claimed_at = WallTime{};
  this->commit(ports::PutJob{job});
  const auto back = this->ask(this->ledger().job(this->id(1)));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->claimed_at, WallTime{});
  EXPECT_FALSE(back->started_at);
}

TYPED_TEST_P(LedgerContract, ReplacesAHeaderButForCountsAndRequests) {
  this->commit(ports::PutJob{this->header(1)});
  ports::Counts first{};
  first[1] = 5;
  first[8] = 1;
  this->commit(ports::AddCounts{this->id(1), first, 2});
  auto renewed = this->header(1, ports::JobState::staged);
  renewed.counts[1] = 77;
  renewed.requests = 99;
  this->commit(ports::PutJob{renewed}, ports::AddCounts{this->id(1), first, 1});

  const auto back = this->ask(this->ledger().job(this->id(1)));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->state, ports::JobState::staged);
  EXPECT_EQ(back->counts, (ports::Counts{0, 10, 0, 0, 0, 0, 0, 0, 2}));
  EXPECT_EQ(back->requests, 3);
}

TYPED_TEST_P(LedgerContract, ListsOpenJobsInOrderAndNoFinishedOnes) {
  using enum ports::JobState;
  std::uint64_t n = 100;
  for (const auto state : {dropped, rejected, rejecting, done, staged, sending, surveying, claiming}) {
    this->commit(ports::PutJob{this->header(--n, state)});
  }
  std::vector<ports::JobState> states;
  for (const auto& job : this->ask(this->ledger().open_jobs())) states.push_back(job.state);
  EXPECT_EQ(states, (std::vector{claiming, surveying, sending, staged, rejecting}));
}

TYPED_TEST_P(LedgerContract, FindsJobsWithTheSameContentNewestFirst) {
  for (const std::uint64_t n : {1, 2, 3, 4}) this->commit(ports::PutJob{this->header(n, ports::JobState::done)});
  auto other = this->header(5);
  other.content_hash = "decaf";
  auto unclaimed = this->header(6);
  unclaimed.claimed_at.reset();
  this->commit(ports::PutJob{other}, ports::PutJob{unclaimed});
  std::vector<std::uint64_t> found;
  for (const auto& job : this->ask(this->ledger().jobs_with_content("c0ffee", this->at(2)))) found.push_back(job.id.n);
  EXPECT_EQ(found, (std::vector<std::uint64_t>{4, 3, 2}));
}

TYPED_TEST_P(LedgerContract, ListsTheJobsThatEndedLastNewestFirst) {
  using enum ports::JobState;
  std::int64_t finished = 0;
  for (const auto& [n, state] : std::vector<std::pair<std::uint64_t, ports::JobState>>{
           {4, done}, {1, done}, {2, sending}, {3, rejected}, {5, dropped}, {6, staged}, {7, rejecting}}) {
    auto job = this->header(n, state);
    job.finished_at = this->at(++finished);
    this->commit(ports::PutJob{job});
  }
  std::vector<std::uint64_t> ended;
  for (const auto& job : this->ask(this->ledger().ended_jobs(10))) ended.push_back(job.id.n);
  EXPECT_EQ(ended, (std::vector<std::uint64_t>{3, 1, 4}));
  EXPECT_EQ(this->ask(this->ledger().ended_jobs(2)).size(), 2);
}

TYPED_TEST_P(LedgerContract, KeepsEveryFieldOfABatch) {
  ports::Batch whole;
  whole.id = BatchId{~std::uint64_t{0} >> 1};
  whole.job = this->id(3);
  whole.rows = {{.row = 1, .offset = 0, .length = 0},
                {.row = 2, .offset = 1, .length = std::numeric_limits<std::uint32_t>::max()},
                {.row = 1'000'000, .offset = ~std::uint64_t{0}, .length = 12},
                {.row = 1'000'001, .offset = 5, .length = 6}};
  whole.sending = true;
  whole.fresh = false;
  whole.maybe_applied = true;
  whole.internal_error = true;
  whole.ambiguous_attempts = 4;
  whole.ambiguous_since = this->at(8);
  whole.status_tries = 5;
  whole.sends = 6;
  whole.not_before = this->at(7);
  whole.body_hash = ~std::uint64_t{0};
  whole.last_request = "01HX";
  this->commit(ports::PutBatches{{whole}});
  this->maker.restart();

  const auto found = this->ask(this->ledger().batches(this->id(3), false, BatchId{0}, 10));
  ASSERT_EQ(found.size(), 1);
  const ports::Batch& back = found.front();
  EXPECT_EQ(back.id, whole.id);
  EXPECT_EQ(std::tie(back.job, back.job.day), std::tie(whole.job, whole.job.day));
  EXPECT_EQ(back.rows, whole.rows);
  EXPECT_EQ(std::tie(back.sending, back.fresh, back.maybe_applied, back.internal_error),
            std::tie(whole.sending, whole.fresh, whole.maybe_applied, whole.internal_error));
  EXPECT_EQ(std::tie(back.ambiguous_attempts, back.status_tries, back.sends),
            std::tie(whole.ambiguous_attempts, whole.status_tries, whole.sends));
  EXPECT_EQ(std::tie(back.not_before, back.ambiguous_since), std::tie(whole.not_before, whole.ambiguous_since));
  EXPECT_EQ(back.body_hash, whole.body_hash);
  EXPECT_EQ(back.last_request, whole.last_request);
}

TYPED_TEST_P(LedgerContract, PagesThroughTheBatchesOfOneJob) {
  this->commit(ports::PutBatches{{this->batch(5, 1), this->batch(2, 1), this->batch(9, 1), this->batch(3, 2)}});
  EXPECT_EQ(this->batch_numbers(1), (std::vector<std::uint64_t>{2, 5, 9}));
  EXPECT_EQ(this->batch_numbers(1, true, 2, 1), (std::vector<std::uint64_t>{5}));
  EXPECT_EQ(this->batch_numbers(1, true, 9), (std::vector<std::uint64_t>{}));
  EXPECT_EQ(this->batch_numbers(2), (std::vector<std::uint64_t>{3}));
}

TYPED_TEST_P(LedgerContract, ReplacesABatchByItsIdAndDropsIt) {
  this->commit(ports::PutBatches{{this->batch(1, 1, {1, 2, 3}), this->batch(2, 1, {4})}});
  auto announced = this->batch(1, 1, {1, 2, 3});
  announced.fresh = false;
  announced.sending = true;
  this->commit(ports::PutBatches{{announced}});
  EXPECT_EQ(this->batch_numbers(1, true), (std::vector<std::uint64_t>{2}));
  EXPECT_EQ(this->batch_numbers(1, false), (std::vector<std::uint64_t>{1}));
  this->commit(ports::DropBatch{BatchId{1}, this->id(1)});
  EXPECT_TRUE(this->batch_numbers(1, false).empty());
}

TYPED_TEST_P(LedgerContract, KeepsEveryFieldOfARow) {
  records::RowResult whole{.row = 9'000'000'000,
                           .outcome = records::Outcome::in_doubt,
                           .status = -6,
                           .message = std::string("\xe5\xb7\xb2\0x", 5),
                           .order_id = "17872308245801546",
                           .start_time = "2024-02-02",
                           .end_time = "2024-02-29 23:59:59",
                           .attempts = 4'000'000'000,
                           .request = "01HX",
                           .at = this->at(-1)};
  const records::RowResult bare{.row = 1, .outcome = records::Outcome::duplicate};
  this->commit(ports::PutRows{this->id(1), {whole, bare}});
  this->maker.restart();
  EXPECT_EQ(this->ask(this->ledger().rows(this->id(1), 0, 10)), (std::vector{bare, whole}));
}

TYPED_TEST_P(LedgerContract, PagesThroughTheRowsOfOneJob) {
  this->commit(ports::PutRows{this->id(1), {this->row(7), this->row(1), this->row(3)}},
               ports::PutRows{this->id(2), {this->row(2)}});
  EXPECT_EQ(this->row_numbers(1), (std::vector<std::uint64_t>{1, 3, 7}));
  EXPECT_EQ(this->row_numbers(1, 1, 1), (std::vector<std::uint64_t>{3}));
  EXPECT_EQ(this->row_numbers(1, 7), (std::vector<std::uint64_t>{}));
  EXPECT_EQ(this->row_numbers(2), (std::vector<std::uint64_t>{2}));
}

TYPED_TEST_P(LedgerContract, ReplacesARowByItsNumber) {
  this->commit(ports::PutRows{this->id(1), {this->row(1, "in doubt")}});
  this->commit(ports::PutRows{this->id(1), {this->row(1, "resolved")}});
  const auto rows = this->ask(this->ledger().rows(this->id(1), 0, 10));
  ASSERT_EQ(rows.size(), 1);
  EXPECT_EQ(rows.front().message, "resolved");
}

TYPED_TEST_P(LedgerContract, ForgetsAnInterruptedSurveyAndTakesTheNextOne) {
  auto job = this->header(1, ports::JobState::surveying);
  job.counts[4] = 2;
  this->commit(ports::PutJob{job}, ports::PutJob{this->header(2)});
  this->commit(ports::PutRows{this->id(1), {this->row(1), this->row(2)}}, ports::PutBatches{{this->batch(1, 1)}},
               ports::PutRows{this->id(2), {this->row(8)}}, ports::PutBatches{{this->batch(2, 2)}});
  this->commit(ports::ForgetSurvey{this->id(1)}, ports::PutRows{this->id(1), {this->row(2)}});
  EXPECT_EQ(this->row_numbers(1), (std::vector<std::uint64_t>{2}));
  EXPECT_TRUE(this->batch_numbers(1).empty());
  EXPECT_EQ(this->ask(this->ledger().job(this->id(1)))->counts, ports::Counts{});
  EXPECT_EQ(this->row_numbers(2), (std::vector<std::uint64_t>{8}));
  EXPECT_EQ(this->batch_numbers(2), (std::vector<std::uint64_t>{2}));

  this->commit(ports::ForgetSurvey{this->id(1)});
  this->maker.restart();
  EXPECT_TRUE(this->row_numbers(1).empty());
  this->commit(ports::PutRows{this->id(1), {this->row(3)}});
  EXPECT_EQ(this->row_numbers(1), (std::vector<std::uint64_t>{3}));
}

TYPED_TEST_P(LedgerContract, ForgetsTheRowsOfAFinishedJobAndNothingElse) {
  this->commit(ports::PutJob{this->header(1)}, ports::PutRows{this->id(1), {this->row(1), this->row(2)}},
               ports::PutBatches{{this->batch(1, 1)}}, ports::PutRows{this->id(2), {this->row(1)}});
  this->commit(ports::PutJob{this->header(1, ports::JobState::done)}, ports::ForgetRows{this->id(1)});
  EXPECT_TRUE(this->row_numbers(1).empty());
  EXPECT_TRUE(this->ask(this->ledger().job(this->id(1))));
  EXPECT_EQ(this->batch_numbers(1), (std::vector<std::uint64_t>{1}));
  EXPECT_EQ(this->row_numbers(2), (std::vector<std::uint64_t>{1}));
  this->maker.restart();
  EXPECT_TRUE(this->row_numbers(1).empty());
}

TYPED_TEST_P(LedgerContract, AppliesTheChangesOfACommitInOrder) {
  this->commit(ports::PutRows{this->id(1), {this->row(1)}}, ports::ForgetRows{this->id(1)},
               ports::PutRows{this->id(1), {this->row(2)}}, ports::PutNote{"k", "a"}, ports::PutNote{"k", "b"});
  EXPECT_EQ(this->row_numbers(1), (std::vector<std::uint64_t>{2}));
  EXPECT_EQ(this->ask(this->ledger().note("k")), "b");
}

TYPED_TEST_P(LedgerContract, RemembersDoubtsForThirtyDaysOrUntilDropped) {
  using std::chrono::days;
  const WallTime now = this->at(0);
  this->commit(
      ports::PutDoubts{{this->doubt(1, 1, now - days(29)), this->doubt(1, 2, now - days(31)), this->doubt(2, 1, now)}});
  this->maker.restart();
  auto doubts = this->ask(this->ledger().doubts(now));
  ASSERT_EQ(doubts.size(), 2);
  if (doubts[0].job.n == 2) std::swap(doubts[0], doubts[1]);
  const auto expected = this->doubt(1, 1, now - days(29));
  EXPECT_EQ(std::tie(doubts[0].order_hash, doubts[0].order), std::tie(expected.order_hash, expected.order));
  EXPECT_EQ(std::tie(doubts[0].job, doubts[0].job.day), std::tie(expected.job, expected.job.day));
  EXPECT_EQ(std::tie(doubts[0].row, doubts[0].since), std::tie(expected.row, expected.since));
  this->commit(ports::DropDoubts{this->id(1)});
  doubts = this->ask(this->ledger().doubts(now));
  ASSERT_EQ(doubts.size(), 1);
  EXPECT_EQ(doubts[0].job, this->id(2));
}

TYPED_TEST_P(LedgerContract, AddsUpFirstSendsByDay) {
  this->commit(ports::CountFirstSends{20240201, 50}, ports::CountFirstSends{20240201, 7});
  this->commit(ports::CountFirstSends{20240202, 1}, ports::CountFirstSends{20240201, 3});
  this->maker.restart();
  EXPECT_EQ(this->ask(this->ledger().first_sends(20240201)), 60);
  EXPECT_EQ(this->ask(this->ledger().first_sends(20240202)), 1);
  EXPECT_EQ(this->ask(this->ledger().first_sends(20240203)), 0);
}

TYPED_TEST_P(LedgerContract, KeepsNotesUntilTheyAreEmptied) {
  this->commit(ports::PutNote{"paused", "by hand"}, ports::PutNote{"other", "x"});
  this->maker.restart();
  EXPECT_EQ(this->ask(this->ledger().note("paused")), "by hand");
  this->commit(ports::PutNote{"paused", ""});
  EXPECT_EQ(this->ask(this->ledger().note("paused")), "");
  EXPECT_EQ(this->ask(this->ledger().note("other")), "x");
}

TYPED_TEST_P(LedgerContract, NumbersNeverGoDown) {
  this->commit(ports::PutJob{this->header(7)}, ports::PutBatches{{this->batch(40, 7), this->batch(12, 7)}});
  this->commit(ports::DropBatch{BatchId{40}, this->id(7)}, ports::PutJob{this->header(3)});
  this->commit(ports::ForgetSurvey{this->id(7)}, ports::PutBatches{{this->batch(13, 3)}});
  this->maker.restart();
  EXPECT_EQ(this->ask(this->ledger().numbers()).job, 7);
  EXPECT_EQ(this->ask(this->ledger().numbers()).batch, 40);
}

TYPED_TEST_P(LedgerContract, AnEmptyCommitIsStored) {
  this->commit();
}

REGISTER_TYPED_TEST_SUITE_P(LedgerContract, BeginsEmpty, KeepsEveryFieldOfAHeader,
                            TellsTimesThatAreNotThereFromTheEpoch, ReplacesAHeaderButForCountsAndRequests,
                            ListsOpenJobsInOrderAndNoFinishedOnes, FindsJobsWithTheSameContentNewestFirst,
                            ListsTheJobsThatEndedLastNewestFirst, KeepsEveryFieldOfABatch,
                            PagesThroughTheBatchesOfOneJob, ReplacesABatchByItsIdAndDropsIt, KeepsEveryFieldOfARow,
                            PagesThroughTheRowsOfOneJob, ReplacesARowByItsNumber,
                            ForgetsAnInterruptedSurveyAndTakesTheNextOne, ForgetsTheRowsOfAFinishedJobAndNothingElse,
                            AppliesTheChangesOfACommitInOrder, RemembersDoubtsForThirtyDaysOrUntilDropped,
                            AddsUpFirstSendsByDay, KeepsNotesUntilTheyAreEmptied, NumbersNeverGoDown,
                            AnEmptyCommitIsStored);

}  // namespace sluice
