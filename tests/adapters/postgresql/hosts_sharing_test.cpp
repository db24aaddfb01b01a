// What two hosts on one ledger keep from each other.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <memory>
#include <string>
#include <vector>

#include "adapters/postgresql/ledger_database.hpp"

namespace sluice::adapters::postgresql {
namespace {

using ports::BatchState;

constexpr std::uint64_t kKey = ~std::uint64_t{6};

class PostgresSharing : public testing::Test {
 protected:
  static ports::Batch batch(std::uint64_t number, std::uint64_t job, BatchState state,
                            std::vector<std::uint64_t> keys) {
    ports::Batch made;
    made.id = BatchId{number};
    made.job = {.day = 20240201, .n = job};
    made.state = state;
    for (std::uint64_t row = 1; row <= keys.size(); ++row) made.rows.push_back({.row = row, .offset = 0, .length = 9});
    made.keys = std::move(keys);
    return made;
  }
  Result<void> announce(PostgresLedger& ledger, std::uint64_t number, std::uint64_t job,
                        std::vector<std::uint64_t> keys) {
    return database.commit(ledger, ports::PutBatches{{batch(number, job, BatchState::sending, std::move(keys))}});
  }
  ErrorKind refusal(const Result<void>& done) { return done ? ErrorKind::usage : done.error().kind; }
  std::size_t started(std::uint64_t job) {
    return value_of(database.wait(a->batches({.n = job}, ports::BatchSet::started, BatchId{0}, 10))).size();
  }
  void read_all(PostgresLedger& ledger) {
    value_of(database.wait(ledger.doubts(WallTime{})));
    value_of(database.wait(ledger.note(ports::Note::paused)));
  }

  LedgerDatabase database;
  std::unique_ptr<PostgresLedger> a = database.host("a");
  std::unique_ptr<PostgresLedger> b = database.host("b");
};

TEST_F(PostgresSharing, OnceAHostIsTakenOverItCommitsNothingMore) {
  auto again = database.host("a");
  const ports::PutNote note{ports::Note::tried, "x"};
  EXPECT_EQ(refusal(database.commit(*a, note)), ErrorKind::fenced);
  EXPECT_EQ(refusal(database.commit(*a, note)), ErrorKind::fenced) << "for good";
  EXPECT_EQ(value_of(database.wait(again->note(ports::Note::tried))), "");
  EXPECT_TRUE(database.commit(*again, note));
}

TEST_F(PostgresSharing, AnAnnouncementWaitsForAKeyThatAnotherHostHolds) {
  ASSERT_TRUE(announce(*a, 1, 1, {kKey, 8}));
  EXPECT_EQ(refusal(announce(*b, 2, 2, {9, kKey})), ErrorKind::elsewhere);
  EXPECT_EQ(started(2), 0) << "nothing of it is stored";
  EXPECT_TRUE(announce(*b, 3, 3, {9}));
  ASSERT_TRUE(database.commit(*a, ports::DropBatch{BatchId{1}, {.n = 1}}));
  EXPECT_TRUE(announce(*b, 2, 2, {11, kKey}));
}

TEST_F(PostgresSharing, PartsOfABatchTakeItsKeysOver) {
  ASSERT_TRUE(announce(*a, 1, 1, {kKey, 8}));
  auto part = batch(4, 1, BatchState::waiting, {kKey});
  part.past.sends = 1;
  ASSERT_TRUE(database.commit(*a, ports::DropBatch{BatchId{1}, {.n = 1}}, ports::PutBatches{{part}}));
  EXPECT_EQ(refusal(announce(*b, 2, 2, {kKey})), ErrorKind::elsewhere);
  EXPECT_TRUE(announce(*b, 3, 3, {8})) << "its row was settled";
  auto half = part;
  half.id = BatchId{5};
  ASSERT_TRUE(database.commit(*a, ports::PutBatches{{half}}, ports::DropBatch{BatchId{4}, {.n = 1}}));
  EXPECT_EQ(refusal(announce(*b, 2, 2, {kKey})), ErrorKind::elsewhere) << "whatever comes first";
}

TEST_F(PostgresSharing, WhatNeverLeftHoldsNoKeys) {
  ASSERT_TRUE(announce(*a, 1, 1, {kKey}));
  ASSERT_TRUE(database.commit(*a, ports::PutBatches{{batch(1, 1, BatchState::waiting, {kKey})}}));
  EXPECT_TRUE(announce(*b, 2, 2, {kKey}));
  EXPECT_TRUE(database.commit(*a, ports::PutBatches{{batch(6, 6, BatchState::planned, {kKey})}}));
}

TEST_F(PostgresSharing, ASurveyThatIsForgottenFreesItsKeys) {
  ASSERT_TRUE(announce(*a, 1, 1, {kKey}));
  ASSERT_TRUE(database.commit(*a, ports::ForgetSurvey{{.n = 1}}));
  EXPECT_TRUE(announce(*b, 2, 2, {kKey}));
}

TEST_F(PostgresSharing, OneThatMustWaitDoesNotHoldUpTheCommitsBesideIt) {
  ASSERT_TRUE(announce(*a, 1, 1, {kKey}));
  std::vector<Result<void>> results(2);
  const auto spawn = [&](std::size_t i, ports::Change change) {
    boost::asio::co_spawn(database.context, b->commit({std::move(change)}),
                          [&, i](std::exception_ptr, Result<void> done) { results[i] = std::move(done); });
  };
  spawn(0, ports::PutBatches{{batch(2, 2, BatchState::sending, {kKey})}});
  spawn(1, ports::PutNote{ports::Note::tried, "stored"});
  database.context.run();
  database.context.restart();
  EXPECT_EQ(refusal(results[0]), ErrorKind::elsewhere);
  EXPECT_TRUE(results[1]);
  EXPECT_EQ(value_of(database.wait(a->note(ports::Note::tried))), "stored");
}

TEST_F(PostgresSharing, AnAnnouncementIsRefusedUntilItsHostHasReadWhatAnotherChanged) {
  const WallTime now{std::chrono::hours(1'000'000)};
  read_all(*b);
  ASSERT_TRUE(database.commit(
      *a, ports::PutDoubts{{{.order_hash = 1, .order = "{}", .job = {.n = 1}, .row = 1, .since = now}}}));
  EXPECT_EQ(refusal(announce(*b, 2, 2, {kKey})), ErrorKind::stale);
  value_of(database.wait(b->doubts(now)));
  EXPECT_EQ(refusal(announce(*b, 2, 2, {kKey})), ErrorKind::stale) << "the pause is still to be read";
  read_all(*b);
  EXPECT_TRUE(announce(*b, 2, 2, {kKey}));
  ASSERT_TRUE(database.commit(*a, ports::PutNote{ports::Note::paused, "by hand"}));
  EXPECT_EQ(refusal(announce(*b, 3, 3, {9})), ErrorKind::stale);
  EXPECT_TRUE(announce(*a, 4, 4, {11})) << "what it did itself it knows";
}

TEST_F(PostgresSharing, OpenJobsAreAHostsOwnAndNumbersAreEverybodys) {
  const auto first = value_of(database.wait(a->reserve_jobs(1)));
  const auto second = value_of(database.wait(b->reserve_jobs(2)));
  EXPECT_EQ(second, first + 1);
  ASSERT_TRUE(database.commit(*a, ports::PutJob{{.id = {.day = 20240201, .n = first}}}));
  EXPECT_EQ(value_of(database.wait(a->open_jobs())).size(), 1);
  EXPECT_TRUE(value_of(database.wait(b->open_jobs())).empty());
  EXPECT_TRUE(value_of(database.wait(b->job({.n = first}))));
  EXPECT_NE(value_of(database.wait(a->numbers())).batch, value_of(database.wait(b->numbers())).batch);
}

TEST_F(PostgresSharing, OneThatOnlyLooksCommitsNothing) {
  auto looking = value_of(PostgresLedger::open(database.server(), std::nullopt));
  EXPECT_EQ(refusal(database.commit(*looking, ports::PutNote{ports::Note::tried, "x"})), ErrorKind::permission);
  EXPECT_EQ(value_of(database.wait(looking->note(ports::Note::tried))), "");
}

}  // namespace
}  // namespace sluice::adapters::postgresql
