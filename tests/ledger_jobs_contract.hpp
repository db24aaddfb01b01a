#pragma once

#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

#include "ledger_contract_fixture.hpp"

namespace sluice {

/// What of it is about the headers of jobs.
template <class Maker>
class LedgerJobsContract : public LedgerContract<Maker> {};
TYPED_TEST_SUITE_P(LedgerJobsContract);

TYPED_TEST_P(LedgerJobsContract, KeepsEveryFieldOfAHeader) {
  ports::JobHeader job;
  job.id = {.day = 20240229, .n = 4'000'000'000'123};
  job.name = std::string("\xff\n\"';--\xe8\xae\xa2\xe5\x8d\x95.csv");
  job.state = ports::JobState::staged;
  job.source = {.device = 1, .inode = ~std::uint64_t{0}, .size = 3, .mtime_ns = -4, .ctime_ns = 5};
  job.file = {.device = 6, .inode = 7, .size = ~std::uint64_t{0} - 1, .mtime_ns = 9, .ctime_ns = -10};
  job.service = orders::ServiceId::modify;
  job.format = std::string("a\0b", 3);
  job.names = "{\"用户ID\":\"uid\"}";
  job.ascii = true;
  job.lang = text::Lang::zh;
  job.base_url = "https://example.test/prod-api/";
  job.content_hash = "abcdef";
  job.rows = 11;
  for (const auto outcome : records::kEveryOutcome) job.counts[outcome] = std::to_underlying(outcome);
  job.requests = 12;
  job.other_starts = 13;
  job.placed_before = 14;
  job.placed_by = this->id(2);
  job.placed_by_name = "earlier.csv";
  job.hold = ports::Hold::refused_alike;
  job.hold_words = "why";
  job.ruling = ports::Ruling::released;
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
  EXPECT_EQ(std::tie(back->format, back->names), std::tie(job.format, job.names));
  EXPECT_EQ(std::tie(back->ascii, back->lang, back->ruling), std::tie(job.ascii, job.lang, job.ruling));
  EXPECT_EQ(std::tie(back->base_url, back->content_hash, back->rows, back->requests),
            std::tie(job.base_url, job.content_hash, job.rows, job.requests));
  EXPECT_EQ(back->counts, job.counts);
  EXPECT_EQ(std::tie(back->hold, back->hold_words, back->reason, back->exit),
            std::tie(job.hold, job.hold_words, job.reason, job.exit));
  EXPECT_EQ(std::tie(back->other_starts, back->placed_before, back->placed_by, back->placed_by_name),
            std::tie(job.other_starts, job.placed_before, job.placed_by, job.placed_by_name));
  EXPECT_EQ(std::tie(back->claimed_at, back->started_at, back->finished_at),
            std::tie(job.claimed_at, job.started_at, job.finished_at));
}

TYPED_TEST_P(LedgerJobsContract, TellsTimesThatAreNotThereFromTheEpoch) {
  auto job = this->header(1);
  job.claimed_at = WallTime{};
  this->commit(ports::PutJob{job});
  const auto back = this->ask(this->ledger().job(this->id(1)));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->claimed_at, WallTime{});
  EXPECT_FALSE(back->started_at);
}

TYPED_TEST_P(LedgerJobsContract, ReplacesAHeaderButForCountsAndRequests) {
  this->commit(ports::PutJob{this->header(1)});
  ports::Counts first{};
  first[records::Outcome::accepted] = 5;
  first[records::Outcome::in_doubt] = 1;
  this->commit(ports::AddCounts{this->id(1), first, 2, 4});
  auto renewed = this->header(1, ports::JobState::staged);
  renewed.counts[records::Outcome::accepted] = 77;
  renewed.requests = 99;
  this->commit(ports::PutJob{renewed}, ports::AddCounts{this->id(1), first, 1});

  const auto back = this->ask(this->ledger().job(this->id(1)));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->state, ports::JobState::staged);
  auto twice = first;
  EXPECT_EQ(back->counts, twice += first);
  EXPECT_EQ(back->requests, 3);
  EXPECT_EQ(back->other_starts, 4);
  EXPECT_FALSE(back->placed_by);
}

TYPED_TEST_P(LedgerJobsContract, TheJobsOwnWorkAndWhatIsDecidedOfItDontTakeEachOtherBack) {
  auto working = this->header(1, ports::JobState::surveying);
  working.base_url = "http://first/";
  this->commit(ports::PutJob{working});
  auto decided = working;
  decided.hold = ports::Hold::by_operator;
  decided.hold_words = "why";
  decided.ruling = ports::Ruling::cancelled;
  decided.base_url = "http://second/";
  decided.secret = "5ec2e7";
  working.state = ports::JobState::sending;
  this->commit(ports::PutJob{working});
  this->commit(ports::PutHold{decided});
  this->commit(ports::PutJob{working});
  const auto back = this->ask(this->ledger().job(this->id(1)));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->state, ports::JobState::sending);
  EXPECT_EQ(std::tie(back->hold, back->hold_words, back->ruling, back->base_url, back->secret),
            std::tie(decided.hold, decided.hold_words, decided.ruling, decided.base_url, decided.secret));
}

TYPED_TEST_P(LedgerJobsContract, ListsOpenJobsInOrderAndNoFinishedOnes) {
  using enum ports::JobState;
  std::uint64_t n = 100;
  for (const auto state : {dropped, rejected, rejecting, done, staged, sending, surveying, claiming}) {
    this->commit(ports::PutJob{this->header(--n, state)});
  }
  std::vector<ports::JobState> states;
  for (const auto& job : this->ask(this->ledger().open_jobs())) states.push_back(job.state);
  EXPECT_EQ(states, (std::vector{claiming, surveying, sending, staged, rejecting}));
}

TYPED_TEST_P(LedgerJobsContract, FindsJobsWithTheSameContentNewestFirst) {
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

TYPED_TEST_P(LedgerJobsContract, ListsTheJobsBeforeOneNewestFirstWhateverBecameOfThem) {
  using enum ports::JobState;
  for (const auto& [n, state] : std::vector<std::pair<std::uint64_t, ports::JobState>>{
           {4, done}, {1, dropped}, {2, sending}, {3, rejected}, {11, done}}) {
    this->commit(ports::PutJob{this->header(n, state)});
  }
  const auto numbers = [this](std::optional<JobId> before, std::size_t limit) {
    std::vector<std::uint64_t> found;
    for (const auto& job : this->ask(this->ledger().jobs_before(before, limit))) found.push_back(job.id.n);
    return found;
  };
  EXPECT_EQ(numbers({}, 10), (std::vector<std::uint64_t>{11, 4, 3, 2, 1}));
  EXPECT_EQ(numbers({}, 2), (std::vector<std::uint64_t>{11, 4}));
  EXPECT_EQ(numbers(JobId{.day = 0, .n = 4}, 2), (std::vector<std::uint64_t>{3, 2}));
  EXPECT_EQ(numbers(JobId{.day = 0, .n = 7}, 1), (std::vector<std::uint64_t>{4}));
  EXPECT_TRUE(numbers(JobId{.day = 0, .n = 1}, 10).empty());
}

TYPED_TEST_P(LedgerJobsContract, ListsTheJobsThatEndedLastNewestFirst) {
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

TYPED_TEST_P(LedgerJobsContract, ListsTheJobsThatEndedBetweenTwoTimesOldestFirst) {
  using enum ports::JobState;
  std::int64_t finished = 0;
  for (const auto& [n, state] : std::vector<std::pair<std::uint64_t, ports::JobState>>{
           {4, done}, {1, done}, {2, sending}, {3, rejected}, {5, done}, {6, done}}) {
    auto job = this->header(n, state);
    job.finished_at = this->at(++finished);
    this->commit(ports::PutJob{job});
  }
  const auto ended = [this](ports::JobState state, std::int64_t since, std::int64_t before) {
    std::vector<std::uint64_t> numbers;
    for (const auto& job : this->ask(this->ledger().jobs_ended(state, this->at(since), this->at(before)))) {
      numbers.push_back(job.id.n);
    }
    return numbers;
  };
  EXPECT_EQ(ended(done, 0, 6), (std::vector<std::uint64_t>{4, 1, 5})) << "not the one that ended at that very time";
  EXPECT_EQ(ended(done, 2, 99), (std::vector<std::uint64_t>{1, 5, 6}));
  EXPECT_EQ(ended(rejected, 0, 99), (std::vector<std::uint64_t>{3}));
}

REGISTER_TYPED_TEST_SUITE_P(LedgerJobsContract, KeepsEveryFieldOfAHeader, TellsTimesThatAreNotThereFromTheEpoch,
                            ReplacesAHeaderButForCountsAndRequests,
                            TheJobsOwnWorkAndWhatIsDecidedOfItDontTakeEachOtherBack,
                            ListsOpenJobsInOrderAndNoFinishedOnes, FindsJobsWithTheSameContentNewestFirst,
                            ListsTheJobsBeforeOneNewestFirstWhateverBecameOfThem, ListsTheJobsThatEndedLastNewestFirst,
                            ListsTheJobsThatEndedBetweenTwoTimesOldestFirst);

}  // namespace sluice
