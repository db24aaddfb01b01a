#include <SQLiteCpp/Database.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "adapters/ledger/folder.hpp"

namespace sluice::adapters::ledger {
namespace {

constexpr JobId kJob{.day = 20240201, .n = 1};
constexpr const char* kPathVariable = "SLUICE_TEST_LEDGER";

/// A ledger whose process is killed at a failpoint. Death tests of the threadsafe kind begin the binary and the test
/// anew in a child; it finds the parent's ledger by an environment variable.
class LedgerCrash : public testing::Test {
 protected:
  void SetUp() override {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    if (const char* given = std::getenv(kPathVariable)) path = given;
    ::setenv(kPathVariable, path.c_str(), 1);
  }
  void TearDown() override {
    ::unsetenv(kPathVariable);
    ::unsetenv("SLUICE_FAILPOINT");
  }

  /// In the child: never returns.
  void work() {
    auto ledger = SqliteLedger::open(path);
    if (!ledger) std::_Exit(1);
    for (std::uint64_t n = 1; n <= 3; ++n) {
      std::vector<ports::Change> changes;
      changes.emplace_back(ports::PutRows{kJob, {{.row = n}}});
      changes.emplace_back(ports::CountFirstSends{20240201, 1});
      if (!folder.wait((*ledger)->commit(std::move(changes)))) std::_Exit(1);
    }
    std::vector<ports::Change> forget;
    forget.emplace_back(ports::ForgetRows{kJob});
    if (!folder.wait((*ledger)->commit(std::move(forget)))) std::_Exit(1);
    for (int i = 0; i < 1000; ++i) (void)folder.wait((*ledger)->commit({}));  // it sweeps between commits
    std::_Exit(0);
  }

  void kill_at(const char* failpoint) {
    ::setenv("SLUICE_FAILPOINT", failpoint, 1);
    EXPECT_EXIT(work(), testing::KilledBySignal(SIGKILL), "") << failpoint;
    ::unsetenv("SLUICE_FAILPOINT");
  }

  /// How many of the three commits are there: each whole or not at all.
  std::uint64_t commits_found() {
    auto ledger = SqliteLedger::open(path);
    EXPECT_TRUE(ledger) << ledger.error().words;
    const auto rows = folder.wait((*ledger)->rows(kJob, 0, 10)).value();
    EXPECT_EQ(folder.wait((*ledger)->first_sends(20240201)).value(), rows.size());
    return rows.size();
  }

  LedgerFolder folder;
  std::string path = folder.path();
};

TEST_F(LedgerCrash, BeforeTheCommitNothingOfItHappened) {
  kill_at("ledger.before_commit:3");
  EXPECT_EQ(commits_found(), 2);
}

TEST_F(LedgerCrash, AfterTheCommitAllOfItHappened) {
  kill_at("ledger.after_commit:2");
  EXPECT_EQ(commits_found(), 2);
}

TEST_F(LedgerCrash, WhileItIsCreatedItIsCreatedAgain) {
  for (const char* step : {"ledger.after_create", "ledger.before_migration", "ledger.after_migration"}) {
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path + suffix);
    kill_at(step);
    EXPECT_EQ(commits_found(), 0);
  }
}

TEST_F(LedgerCrash, WhatWasForgottenIsSweptByTheNextProcess) {
  kill_at("ledger.before_sweep");
  auto ledger = SqliteLedger::open(path);
  ASSERT_TRUE(ledger) << ledger.error().words;
  EXPECT_TRUE(folder.wait((*ledger)->rows(kJob, 0, 10)).value().empty());
  EXPECT_EQ(folder.wait((*ledger)->first_sends(20240201)).value(), 3);
  const auto left = [&] { return SQLite::Database(path).execAndGet("SELECT count(*) FROM answers").getInt(); };
  for (int i = 0; i < 1000 && left() > 0; ++i) ASSERT_TRUE(folder.wait((*ledger)->commit({})));
  EXPECT_EQ(left(), 0);
}

}  // namespace
}  // namespace sluice::adapters::ledger
