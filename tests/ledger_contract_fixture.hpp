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

  /// One commit of these changes.
  template <class... Changes>
  Result<void> try_commit(Changes... changes) {
    std::vector<ports::Change> all;
    (all.emplace_back(std::move(changes)), ...);
    return maker.wait(ledger().commit(std::move(all)));
  }
  /// The same; it must be stored.
  template <class... Changes>
  void commit(Changes... changes) {
    const auto done = try_commit(std::move(changes)...);
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

  std::vector<std::uint64_t> batch_numbers(std::uint64_t job, ports::BatchSet which = ports::BatchSet::planned,
                                           std::uint64_t after = 0, std::size_t limit = 1000) {
    std::vector<std::uint64_t> numbers;
    for (const auto& one : ask(ledger().batches(id(job), which, BatchId{after}, limit))) {
      numbers.push_back(number(one.id));
    }
    return numbers;
  }

  ports::Ledger& ledger() { return maker.ledger(); }

  Maker maker;
};

}  // namespace sluice
