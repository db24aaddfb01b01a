#include "postgresql/hosts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/postgresql/ledger_database.hpp"
#include "postgresql/lease.hpp"
#include "postgresql/other_hosts.hpp"
#include "sluice/adapters/clock/system_clock.hpp"

namespace sluice::adapters::postgresql {
namespace {

using testing::ElementsAre;

constexpr JobId kJob{.day = 20240201, .n = 7};
constexpr std::chrono::seconds kPatience{120};

ports::Task<void> do_errands(PostgresHosts& hosts, ports::Clock& clock, const bool& over) {
  while (!over) {
    for (auto& errand : value_of(co_await hosts.errands())) {
      auto said = "done for " + errand.user + ": " + errand.what;
      value_of(co_await hosts.answer(std::move(errand), std::move(said)));
    }
    co_await hosts.wait_for_change(clock.now() + kPatience);
  }
}

/// However long the machine takes to answer.
ports::Task<Result<std::string>> send(PostgresHosts& hosts, ports::Clock& clock, ports::Errand errand) {
  for (const auto until = clock.now() + kPatience;;) {
    auto said = co_await hosts.send(errand);
    const bool again = !said && said.error().kind == ErrorKind::busy && clock.now() < until;
    if (!again) co_return said;
  }
}

ports::Task<Result<std::string>> send_and_end(PostgresHosts& from, PostgresHosts& to, ports::Clock& clock,
                                              ports::Errand errand, bool& over) {
  auto said = co_await send(from, clock, std::move(errand));
  over = true;
  to.wake();
  co_return said;
}

class PostgresHostsTest : public testing::Test {
 protected:
  std::unique_ptr<PostgresHosts> enter(const std::string& name, const std::string& spool = "/shared",
                                       bool shared = true) {
    return value_of(PostgresHosts::open(database.server(),
                                        {.name = name, .spool = spool, .shared = shared, .machine = "here"}, *clock));
  }
  std::unique_ptr<PostgresLedger> ledger_of(const PostgresHosts& hosts) {
    return value_of(PostgresLedger::open(database.server(), hosts.membership()));
  }
  void begin_job(PostgresLedger& ledger) {
    value_of(database.commit(ledger, ports::PutJob{{.id = kJob, .name = "a.csv", .state = ports::JobState::sending}}));
  }
  /// Looks again on each hint, and by itself so often.
  bool comes_true(ports::Hosts& hosts, auto condition, Nanos again = std::chrono::milliseconds(100)) {
    for (const auto until = clock->now() + kPatience; !condition();) {
      database.wait(changed(hosts, std::min(until, clock->now() + again)));
      if (clock->now() >= until) return false;
    }
    return true;
  }
  static ports::Task<bool> changed(ports::Hosts& hosts, Boottime until) {
    co_await hosts.wait_for_change(until);
    co_return true;
  }
  /// So that what keeps a connection notices now, not within some seconds.
  void terminate_all() {
    value_of(
        database.connection().run("SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = "
                                  "current_database() AND pid <> pg_backend_pid()"));
  }
  static std::vector<std::uint64_t> numbers(const std::vector<ports::JobHeader>& jobs) {
    std::vector<std::uint64_t> all;
    for (const auto& job : jobs) all.push_back(job.id.n);
    return all;
  }

  LedgerDatabase database;
  std::unique_ptr<ports::Clock> clock = value_of(clock::system_clock(database.context.get_executor()));
};

TEST_F(PostgresHostsTest, ALeaseEndsTwentySecondsAfterItsLastRenewalWasSentAndIsRenewed) {
  const auto before = clock->now();
  const auto hosts = enter("a");
  const auto first = hosts->lease_until();
  EXPECT_GE(first, before + kMaySend);
  EXPECT_LE(first, clock->now() + kMaySend);
  terminate_all();
  EXPECT_TRUE(comes_true(*hosts, [&] { return hosts->lease_until() > first; })) << "over the next connection";
}

TEST_F(PostgresHostsTest, OneThatWasTakenOverMaySendNothingMore) {
  const auto hosts = enter("a");
  value_of(join(database.connection(), {.name = "a", .spool = "/shared", .machine = "here"}));
  terminate_all();
  EXPECT_TRUE(comes_true(*hosts, [&] { return hosts->lease_until() < clock->now(); }));
}

TEST_F(PostgresHostsTest, JobsOfAHostWhoseLeaseIsOverAreTakenOverOnceAndItCommitsNothingMore) {
  auto a = enter("a");
  const auto b = enter("b");
  const auto ledger = ledger_of(*a);
  begin_job(*ledger);
  EXPECT_TRUE(value_of(database.wait(b->take_over())).empty()) << "it lives";
  a.reset();
  EXPECT_THAT(numbers(value_of(database.wait(b->take_over()))), ElementsAre(kJob.n));
  EXPECT_TRUE(value_of(database.wait(b->take_over())).empty());
  EXPECT_EQ(database.commit(*ledger, ports::PutNote{ports::Note::tried, "x"}).error().kind, ErrorKind::fenced);
  EXPECT_THAT(numbers(value_of(database.wait(ledger_of(*b)->open_jobs()))), ElementsAre(kJob.n));
}

TEST_F(PostgresHostsTest, JobsThatACommitWithoutAnAnswerMayHaveMadeItsAreGivenOutAgain) {
  const auto b = enter("b");
  begin_job(*ledger_of(*b));
  const Presence presence{.name = "b", .spool = "/shared", .shared = true, .machine = "here"};
  const auto take = [&](std::vector<std::uint64_t>& unsure) {
    return numbers(value_of(take_over(database.connection(), b->membership(), presence, unsure)));
  };
  std::vector<std::uint64_t> unsure{kJob.n, 4711};
  EXPECT_THAT(take(unsure), ElementsAre(kJob.n));
  EXPECT_TRUE(unsure.empty());
  EXPECT_TRUE(take(unsure).empty()) << "its own jobs are at work";
}

TEST_F(PostgresHostsTest, JobsOfAHostWithASpoolOfItsOwnWaitForIt) {
  auto a = enter("a", "/own", false);
  const auto b = enter("b", "/own", false);
  const auto c = enter("c", "/other");
  begin_job(*ledger_of(*a));
  a.reset();
  EXPECT_TRUE(value_of(database.wait(b->take_over())).empty());
  EXPECT_TRUE(value_of(database.wait(c->take_over())).empty());
  EXPECT_THAT(numbers(value_of(database.wait(ledger_of(*enter("a", "/own", false))->open_jobs()))),
              ElementsAre(kJob.n));
}

TEST_F(PostgresHostsTest, AllAreKnownThisOneFirstAndWhatTheOthersWorkOn) {
  const auto a = enter("a");
  const auto b = enter("b", "/other", false);
  begin_job(*ledger_of(*a));
  const auto hosts = value_of(database.wait(b->all()));
  ASSERT_EQ(hosts.size(), 2);
  EXPECT_EQ(hosts[0].name, "b");
  EXPECT_TRUE(hosts[0].ours && hosts[0].alive && hosts[1].alive && !hosts[1].ours);
  EXPECT_EQ(hosts[1].spool, "/shared");
  EXPECT_TRUE(hosts[1].seen);
  const auto elsewhere = value_of(database.wait(b->jobs_elsewhere()));
  ASSERT_EQ(elsewhere.size(), 1);
  EXPECT_EQ(elsewhere[0].host, "a");
  EXPECT_EQ(elsewhere[0].job.name, "a.csv");
  EXPECT_TRUE(value_of(database.wait(a->jobs_elsewhere())).empty());
}

TEST_F(PostgresHostsTest, AHostHearsOfKeysThatComeFreeAtAnother) {
  const auto a = enter("a");
  const auto b = enter("b");
  ASSERT_TRUE(database.wait(changed(*b, clock->now() + kPatience))) << "the hint that it listens now";
  const auto at_a = ledger_of(*a);
  const auto at_b = ledger_of(*b);
  ports::Batch batch{
      .id = BatchId{1}, .job = kJob, .rows = {{.row = 1}}, .keys = {9}, .state = ports::BatchState::sending};
  ASSERT_TRUE(database.commit(*at_a, ports::PutBatches{{batch}}));
  auto next = batch;
  next.id = BatchId{2};
  next.job.n = 8;
  const auto announced = [&] { return database.commit(*at_b, ports::PutBatches{{next}}).has_value(); };
  EXPECT_FALSE(announced());
  const auto until = clock->now() + kPatience;
  bool hinted = false;
  boost::asio::co_spawn(database.context, changed(*b, until),
                        [&](std::exception_ptr, bool) { hinted = clock->now() < until; });
  ASSERT_TRUE(database.commit(*at_a, ports::DropBatch{BatchId{1}, kJob}));
  EXPECT_TRUE(hinted);
  EXPECT_TRUE(announced());
}

TEST_F(PostgresHostsTest, AnErrandIsDoneWhereItsJobIsAndItsAnswerComesBack) {
  const auto a = enter("a");
  const auto b = enter("b");
  begin_job(*ledger_of(*b));
  bool over = false;
  boost::asio::co_spawn(database.context, do_errands(*b, *clock, over), boost::asio::detached);
  const auto said = database.wait(send_and_end(*a, *b, *clock, {.job = kJob, .what = "cancel", .user = "me"}, over));
  ASSERT_TRUE(said) << said.error().words;
  EXPECT_EQ(*said, "done for me: cancel");
  EXPECT_TRUE(value_of(database.wait(b->errands())).empty());
}

TEST_F(PostgresHostsTest, AnErrandForNobodyOrForAHostThatIsAwayIsRefused) {
  const auto a = enter("a");
  auto b = enter("b");
  EXPECT_EQ(database.wait(a->send({.job = kJob, .what = "x", .user = ""})).error().kind, ErrorKind::missing);
  begin_job(*ledger_of(*b));
  b.reset();
  EXPECT_EQ(database.wait(a->send({.job = kJob, .what = "x", .user = ""})).error().kind, ErrorKind::busy);
}

TEST_F(PostgresHostsTest, AnErrandThatWasWithdrawnIsNotDoneAndARefusalComesBackAsOne) {
  const auto a = enter("a");
  const auto b = enter("b");
  auto& connection = database.connection();
  const auto left = value_of(leave_errand(connection, a->membership(), {.what = "pause", .user = "me"}));
  ASSERT_EQ(left.size(), 1) << "at every other host";
  EXPECT_TRUE(value_of(withdraw(connection, left[0])));
  EXPECT_TRUE(value_of(errands_of(connection, b->membership())).empty());
  const auto again = value_of(leave_errand(connection, a->membership(), {.what = "pause", .user = "me"}));
  value_of(answer_errand(connection, b->membership(), again[0], fail(ErrorKind::usage, "no")));
  EXPECT_FALSE(value_of(withdraw(connection, again[0])));
  const auto said = value_of(take_answer(connection, again[0]));
  ASSERT_TRUE(said);
  EXPECT_EQ(said->error().kind, ErrorKind::usage);
  EXPECT_EQ(said->error().words, "no");
}

}  // namespace
}  // namespace sluice::adapters::postgresql
