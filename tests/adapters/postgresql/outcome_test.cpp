// What became of a commit whose connection broke.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "adapters/postgresql/cutting_proxy.hpp"
#include "adapters/postgresql/ledger_database.hpp"

namespace sluice::adapters::postgresql {
namespace {

constexpr JobId kJob{.day = 20240201, .n = 1};
constexpr const char* kHost = "host-in-every-commit";

class PostgresOutcome : public testing::Test {
 protected:
  PostgresOutcome() { value_of(database.commit(*ledger, ports::PutJob{{.id = kJob, .name = "orders.csv"}})); }

  Result<void> count() {
    ports::Counts five{};
    five[records::Outcome::accepted] = 5;
    return database.commit(*ledger, ports::AddCounts{kJob, five, 1});
  }
  std::uint64_t accepted() {
    return value_of(database.wait(ledger->job(kJob))).value().counts[records::Outcome::accepted];
  }

  LedgerDatabase database;
  CuttingProxy proxy{PostgresServer::shared().socket_folder()};
  std::unique_ptr<PostgresLedger> ledger = database.host_at(proxy.in(database.name()), kHost);
};

TEST_F(PostgresOutcome, ACommitThatHappenedThoughItsAnswerWasLostIsNotDoneAgain) {
  proxy.cut_at(kHost, Cut::answer);
  EXPECT_TRUE(count());
  EXPECT_EQ(accepted(), 5);
}

TEST_F(PostgresOutcome, ACommitThatNeverArrivedIsDoneOverTheNextConnection) {
  proxy.cut_at(kHost, Cut::request);
  EXPECT_TRUE(count());
  EXPECT_EQ(accepted(), 5);
}

TEST_F(PostgresOutcome, ACommitThatArrivesAfterItWasAskedAboutChangesNothing) {
  proxy.cut_at(kHost, Cut::late);
  EXPECT_TRUE(count());
  proxy.release();
  EXPECT_EQ(accepted(), 5);
}

TEST_F(PostgresOutcome, AHostThatWasTakenOverMeanwhileIsToldThat) {
  proxy.cut_at(kHost, Cut::late);
  value_of(join(database.connection(), {.name = kHost, .spool = "/spool", .machine = "here"}));
  EXPECT_EQ(count().error().kind, ErrorKind::fenced);
  proxy.release();
  ledger = database.host(kHost);
  EXPECT_EQ(accepted(), 0);
}

TEST_F(PostgresOutcome, BackendsThatAreTerminatedAreNotNoticed) {
  value_of(
      database.connection().run("SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = "
                                "current_database() AND pid <> pg_backend_pid()"));
  EXPECT_TRUE(count());
  EXPECT_EQ(accepted(), 5);
}

TEST_F(PostgresOutcome, WhileTheServerIsDownNothingIsStoredAndAfterwardsItGoesOn) {
  auto& server = PostgresServer::shared();
  ledger = database.host();
  EXPECT_TRUE(count());
  server.stop("immediate");
  EXPECT_EQ(count().error().kind, ErrorKind::io);
  EXPECT_EQ(database.wait(ledger->open_jobs()).error().kind, ErrorKind::io);
  server.start();
  EXPECT_EQ(accepted(), 5);
  EXPECT_TRUE(count());
  EXPECT_EQ(accepted(), 10);
}

}  // namespace
}  // namespace sluice::adapters::postgresql
