// Figures of the ledger, for ./dev bench: they depend on the machine, so nothing is expected of them.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <string>

#include "adapters/ledger/fault_vfs.hpp"
#include "adapters/ledger/folder.hpp"

namespace sluice::adapters::ledger {
namespace {

constexpr std::uint64_t kRows = 1'000'000;
constexpr std::uint64_t kRowsACommit = 10'000;
constexpr JobId kJob{.day = 20240201, .n = 1};

/// Wall time, and CPU time of all threads: the machine may be busy with something else.
class Stopwatch {
 public:
  double wall() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count(); }
  double cpu() const { return cpu_now() - cpu_began_; }

 private:
  static double cpu_now() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
  }
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  double cpu_began_ = cpu_now();
};

void print_rate(const char* what, double amount, const Stopwatch& watch) {
  std::printf("%-10s %9.0f/s, %9.0f a CPU second\n", what, amount / watch.wall(), amount / watch.cpu());
}

class LedgerSpeed : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(folder.open()); }

  static records::RowResult answered(std::uint64_t n) {
    return {.row = n,
            .outcome = records::Outcome::accepted,
            .status = 1,
            .message = "accepted",
            .order_id = "17872308245801546",
            .start_time = "2024-02-02 00:00:00",
            .end_time = "2024-02-29 23:59:59",
            .attempts = 1,
            .request = "20240201-1-000001",
            .at = WallTime(Millis(1'700'000'000'000))};
  }

  void put_a_million_rows() {
    for (std::uint64_t first = 1; first <= kRows; first += kRowsACommit) {
      ports::PutRows put{.job = kJob, .rows = {}};
      put.rows.reserve(kRowsACommit);
      for (std::uint64_t n = first; n < first + kRowsACommit; ++n) put.rows.push_back(answered(n));
      ASSERT_TRUE(folder.commit(std::move(put)));
    }
  }

  LedgerFolder folder;
};

TEST_F(LedgerSpeed, AMillionRowsPlannedAnsweredReadAndForgotten) {
  Stopwatch watch;
  for (std::uint64_t first = 1; first <= kRows; first += kRowsACommit) {
    ports::PutBatches plan;
    for (std::uint64_t row = first; row < first + kRowsACommit; row += 50) {
      ports::Batch batch{.id = BatchId{1 + row / 50}, .job = kJob};
      for (std::uint64_t n = row; n < row + 50; ++n) batch.rows.push_back({.row = n, .offset = n * 80, .length = 79});
      plan.batches.push_back(std::move(batch));
    }
    ASSERT_TRUE(folder.commit(std::move(plan)));
  }
  print_rate("planned", kRows, watch);

  watch = {};
  put_a_million_rows();
  print_rate("answered", kRows, watch);

  watch = {};
  std::uint64_t last = 0;
  for (std::uint64_t read = 1; read > 0;) {
    const auto rows = folder.wait(folder.ledger().rows(kJob, last, 5000)).value();
    read = rows.size();
    if (read > 0) last = rows.back().row;
  }
  EXPECT_EQ(last, kRows);
  print_rate("read", kRows, watch);

  // Others are served while the forgotten rows are swept away.
  watch = {};
  ASSERT_TRUE(folder.commit(ports::ForgetRows{kJob}));
  double longest = 0;
  for (int i = 0; i < 300; ++i) {
    const Stopwatch asked;
    ASSERT_TRUE(folder.commit(ports::CountFirstSends{20240201, 1}));
    longest = std::max(longest, asked.wall());
  }
  std::printf("forgotten: 300 commits beside the sweep, the longest %.1f ms\n", longest * 1e3);
  const auto log = std::filesystem::file_size(folder.path() + "-wal");
  std::printf("log %.1f MiB, ledger %.1f MiB, SQLite's memory at most %.1f MiB\n", static_cast<double>(log) / 1048576,
              static_cast<double>(std::filesystem::file_size(folder.path())) / 1048576,
              static_cast<double>(sqlite3_memory_highwater(0)) / 1048576);

  watch = {};
  ASSERT_TRUE(folder.open());
  std::printf("opened and checked in %.0f ms\n", watch.wall() * 1e3);
}

constexpr int kCallers = 32;
constexpr int kCommitsEach = 200;

ports::Task<void> announce_and_answer(ports::Ledger& ledger, int caller, int& failed) {
  for (int i = 0; i < kCommitsEach; i += 2) {
    ports::Batch batch{.id = BatchId{static_cast<std::uint64_t>(caller * kCommitsEach + i + 1)}, .job = kJob};
    for (std::uint64_t n = 1; n <= 50; ++n) batch.rows.push_back({.row = n, .offset = n * 80, .length = 79});
    batch.state = ports::BatchState::sending;
    std::vector<ports::Change> announce;
    announce.emplace_back(ports::PutBatches{{batch}});
    if (!co_await ledger.commit(std::move(announce))) ++failed;
    std::vector<ports::Change> answer;
    answer.emplace_back(ports::DropBatch{batch.id, kJob});
    ports::Counts counts;
    counts[records::Outcome::accepted] = 50;
    answer.emplace_back(ports::AddCounts{kJob, counts, 1});
    if (!co_await ledger.commit(std::move(answer))) ++failed;
  }
}

TEST_F(LedgerSpeed, ManySmallCommits) {
  FaultVfs::instance().reset();
  ASSERT_TRUE(folder.open({.vfs = FaultVfs::kName}));
  ports::JobHeader header;
  header.id = kJob;
  header.state = ports::JobState::sending;
  ASSERT_TRUE(folder.commit(ports::PutJob{header}));
  const Stopwatch watch;
  const auto syncs_before = FaultVfs::instance().syncs();
  int failed = 0;
  for (int caller = 0; caller < kCallers; ++caller) {
    boost::asio::co_spawn(folder.context, announce_and_answer(folder.ledger(), caller, failed), boost::asio::detached);
  }
  folder.context.run();
  folder.context.restart();
  const auto syncs = FaultVfs::instance().syncs() - syncs_before;
  const int commits = kCallers * kCommitsEach;
  print_rate("commits", commits, watch);
  std::printf("of %d callers, %.1f commits an fsync\n", kCallers,
              static_cast<double>(commits) / static_cast<double>(syncs));
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(folder.wait(folder.ledger().job(kJob)).value()->counts[records::Outcome::accepted], commits / 2 * 50);
}

}  // namespace
}  // namespace sluice::adapters::ledger
