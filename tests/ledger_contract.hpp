#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ledger_contract_fixture.hpp"

namespace sluice {

TYPED_TEST_SUITE_P(LedgerContract);

TYPED_TEST_P(LedgerContract, BeginsEmpty) {
  EXPECT_TRUE(this->ask(this->ledger().open_jobs()).empty());
  EXPECT_FALSE(this->ask(this->ledger().job(this->id(1))).has_value());
  EXPECT_TRUE(this->row_numbers(1).empty());
  EXPECT_TRUE(this->batch_numbers(1).empty());
  EXPECT_TRUE(this->ask(this->ledger().doubts(this->at(0))).empty());
  EXPECT_EQ(this->ask(this->ledger().first_sends(20240201)), 0);
  EXPECT_EQ(this->ask(this->ledger().note(ports::Note::paused)), "");
  EXPECT_EQ(this->ask(this->ledger().numbers()).job, 0);
}

TYPED_TEST_P(LedgerContract, KeepsEveryFieldOfABatch) {
  ports::Batch whole;
  whole.id = BatchId{~std::uint64_t{0} >> 1};
  whole.job = this->id(3);
  whole.rows = {{.row = 1, .offset = 0, .length = 0},
                {.row = 2, .offset = 1, .length = std::numeric_limits<std::uint32_t>::max()},
                {.row = 1'000'000, .offset = ~std::uint64_t{0}, .length = 12},
                {.row = 1'000'001, .offset = 5, .length = 6}};
  whole.keys = {1, ~std::uint64_t{0}, 0x0102030405060708, 0};
  whole.state = ports::BatchState::sending;
  whole.marks = {~std::uint64_t{0}, 0, 0x0807060504030201, 1};
  whole.past.maybe_applied = true;
  whole.past.lost_answers = 4;
  whole.past.lost_since = this->at(8);
  whole.past.internal_errors = 5;
  whole.past.sends = 6;
  whole.past.said_no = "HTTP 429: 请求过于频繁";
  whole.not_before = this->at(7);
  whole.body_hash = ~std::uint64_t{0};
  whole.last_request = "01HX";
  this->commit(ports::PutBatches{{whole}});
  this->maker.restart();

  const auto found = this->ask(this->ledger().batches(this->id(3), ports::BatchSet::started, BatchId{0}, 10));
  ASSERT_EQ(found.size(), 1);
  const ports::Batch& back = found.front();
  EXPECT_EQ(back.id, whole.id);
  EXPECT_EQ(std::tie(back.job, back.job.day), std::tie(whole.job, whole.job.day));
  EXPECT_EQ(back.rows, whole.rows);
  EXPECT_EQ(back.keys, whole.keys);
  EXPECT_EQ(back.state, whole.state);
  EXPECT_EQ(back.marks, whole.marks);
  EXPECT_EQ(back.past, whole.past);
  EXPECT_EQ(back.not_before, whole.not_before);
  EXPECT_EQ(back.body_hash, whole.body_hash);
  EXPECT_EQ(back.last_request, whole.last_request);
}

TYPED_TEST_P(LedgerContract, PagesThroughTheBatchesOfOneJob) {
  this->commit(ports::PutBatches{{this->batch(5, 1), this->batch(2, 1), this->batch(9, 1), this->batch(3, 2)}});
  EXPECT_EQ(this->batch_numbers(1), (std::vector<std::uint64_t>{2, 5, 9}));
  EXPECT_EQ(this->batch_numbers(1, ports::BatchSet::planned, 2, 1), (std::vector<std::uint64_t>{5}));
  EXPECT_EQ(this->batch_numbers(1, ports::BatchSet::planned, 9), (std::vector<std::uint64_t>{}));
  EXPECT_EQ(this->batch_numbers(2), (std::vector<std::uint64_t>{3}));
}

TYPED_TEST_P(LedgerContract, ReplacesABatchByItsIdAndDropsIt) {
  this->commit(ports::PutBatches{{this->batch(1, 1, {1, 2, 3}), this->batch(2, 1, {4})}});
  auto announced = this->batch(1, 1, {1, 2, 3});
  announced.state = ports::BatchState::sending;
  this->commit(ports::PutBatches{{announced}});
  EXPECT_EQ(this->batch_numbers(1), (std::vector<std::uint64_t>{2}));
  EXPECT_EQ(this->batch_numbers(1, ports::BatchSet::started), (std::vector<std::uint64_t>{1}));
  this->commit(ports::DropBatch{BatchId{1}, this->id(1)});
  EXPECT_TRUE(this->batch_numbers(1, ports::BatchSet::started).empty());
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
  job.counts[records::Outcome::invalid] = 2;
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
               ports::PutRows{this->id(1), {this->row(2)}}, ports::PutNote{ports::Note::tried, "a"},
               ports::PutNote{ports::Note::tried, "b"});
  EXPECT_EQ(this->row_numbers(1), (std::vector<std::uint64_t>{2}));
  EXPECT_EQ(this->ask(this->ledger().note(ports::Note::tried)), "b");
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

TYPED_TEST_P(LedgerContract, KeepsWhatWasFoundOutOfADoubt) {
  using ports::LookedUp;
  const WallTime now{std::chrono::hours(1'000'000)};
  this->commit(ports::PutDoubts{{this->doubt(1, 1, now), this->doubt(1, 2, now), this->doubt(2, 1, now)}});
  this->commit(ports::ResolveDoubts{this->id(1), LookedUp::applied, {1, 7}});
  this->commit(ports::ResolveDoubts{this->id(2), LookedUp::not_applied, {1}});
  const auto doubts = this->ask(this->ledger().doubts(now));
  ASSERT_EQ(doubts.size(), 3) << "row 7 was in no doubt, and is in none now";
  EXPECT_EQ(doubts[0].looked_up, LookedUp::applied);
  EXPECT_EQ(doubts[1].looked_up, LookedUp::not_yet);
  EXPECT_EQ(doubts[2].looked_up, LookedUp::not_applied);
}

TYPED_TEST_P(LedgerContract, AddsUpFirstSendsByDay) {
  this->commit(ports::CountFirstSends{20240201, 50}, ports::CountFirstSends{20240201, 7});
  this->commit(ports::CountFirstSends{20240202, 1}, ports::CountFirstSends{20240201, 3});
  this->maker.restart();
  EXPECT_EQ(this->ask(this->ledger().first_sends(20240201)), 60);
  EXPECT_EQ(this->ask(this->ledger().first_sends(20240202)), 1);
  EXPECT_EQ(this->ask(this->ledger().first_sends(20240203)), 0);
}

TYPED_TEST_P(LedgerContract, GivesBackFirstSendsOfWhatNeverLeft) {
  this->commit(ports::CountFirstSends{20240201, 50}, ports::CountFirstSends{20240201, -7});
  EXPECT_EQ(this->ask(this->ledger().first_sends(20240201)), 43);
}

TYPED_TEST_P(LedgerContract, RefusesWhatWouldPassTheDaysCapAndAppliesNothingOfIt) {
  this->commit(ports::CountFirstSends{20240201, 50, 60}, ports::CountFirstSends{20240202, 9});
  const auto refused =
      this->try_commit(ports::PutNote{ports::Note::paused, "x"}, ports::CountFirstSends{20240201, 11, 60});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::stale);
  EXPECT_EQ(this->ask(this->ledger().note(ports::Note::paused)), "");
  EXPECT_EQ(this->ask(this->ledger().first_sends(20240201)), 50);
  this->commit(ports::CountFirstSends{20240201, 10, 60});
  this->commit(ports::CountFirstSends{20240201, 5});
  EXPECT_EQ(this->ask(this->ledger().first_sends(20240201)), 65) << "no cap was in force";
}

TYPED_TEST_P(LedgerContract, GivesEachJobNumberOnce) {
  const auto first = this->ask(this->ledger().reserve_jobs(1));
  EXPECT_EQ(this->ask(this->ledger().reserve_jobs(3)), first + 1);
  EXPECT_EQ(this->ask(this->ledger().reserve_jobs(1)), first + 4);
  ports::JobHeader job;
  job.id = this->id(first + 20);
  this->commit(ports::PutJob{job});
  this->maker.restart();
  EXPECT_GT(this->ask(this->ledger().reserve_jobs(1)), first + 20);
}

TYPED_TEST_P(LedgerContract, KeepsNotesUntilTheyAreEmptied) {
  this->commit(ports::PutNote{ports::Note::paused, "by hand"},
               ports::PutNote{{ports::JobNote::decided, this->id(1)}, "x"});
  this->maker.restart();
  EXPECT_EQ(this->ask(this->ledger().note(ports::Note::paused)), "by hand");
  this->commit(ports::PutNote{ports::Note::paused, ""});
  EXPECT_EQ(this->ask(this->ledger().note(ports::Note::paused)), "");
  EXPECT_EQ(this->ask(this->ledger().note({ports::JobNote::decided, this->id(1)})), "x");
}

TYPED_TEST_P(LedgerContract, NumbersNeverGoDown) {
  this->commit(ports::PutJob{this->header(7)}, ports::PutBatches{{this->batch(40, 7), this->batch(12, 7)}});
  this->commit(ports::DropBatch{BatchId{40}, this->id(7)}, ports::PutJob{this->header(3)});
  this->commit(ports::ForgetSurvey{this->id(7)}, ports::PutBatches{{this->batch(13, 3)}});
  this->maker.restart();
  EXPECT_EQ(this->ask(this->ledger().numbers()).job, 7);
  EXPECT_GE(this->ask(this->ledger().numbers()).batch, 40);
}

TYPED_TEST_P(LedgerContract, AnEmptyCommitIsStored) {
  this->commit();
}

REGISTER_TYPED_TEST_SUITE_P(LedgerContract, KeepsWhatWasFoundOutOfADoubt, BeginsEmpty, KeepsEveryFieldOfABatch,
                            PagesThroughTheBatchesOfOneJob, ReplacesABatchByItsIdAndDropsIt, KeepsEveryFieldOfARow,
                            PagesThroughTheRowsOfOneJob, ReplacesARowByItsNumber,
                            ForgetsAnInterruptedSurveyAndTakesTheNextOne, ForgetsTheRowsOfAFinishedJobAndNothingElse,
                            AppliesTheChangesOfACommitInOrder, RemembersDoubtsForThirtyDaysOrUntilDropped,
                            AddsUpFirstSendsByDay, GivesBackFirstSendsOfWhatNeverLeft,
                            RefusesWhatWouldPassTheDaysCapAndAppliesNothingOfIt, GivesEachJobNumberOnce,
                            KeepsNotesUntilTheyAreEmptied, NumbersNeverGoDown, AnEmptyCommitIsStored);

}  // namespace sluice
