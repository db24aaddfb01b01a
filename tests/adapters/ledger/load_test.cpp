#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cstdint>
#include <filesystem>

#include "adapters/ledger/folder.hpp"

namespace sluice::adapters::ledger {
namespace {

constexpr std::uint64_t kRows = 200'000;
constexpr std::uint64_t kRowsACommit = 10'000;
constexpr JobId kJob{.day = 20240201, .n = 1};

/// How fast it is depends on the machine (tests/bench); how much it takes does not.
class LedgerLoad : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(folder.open()); }
  void answer_all() {
    for (std::uint64_t first = 1; first <= kRows; first += kRowsACommit) {
      ports::PutRows put{.job = kJob, .rows = {}};
      for (std::uint64_t n = first; n < first + kRowsACommit; ++n) {
        put.rows.push_back({.row = n, .outcome = records::Outcome::accepted, .order_id = "17872308245801546"});
      }
      ASSERT_TRUE(folder.commit(std::move(put)));
    }
  }
  std::uint64_t rows_read() {
    std::uint64_t last = 0;
    std::uint64_t count = 0;
    for (std::uint64_t got = 1; got > 0; count += got) {
      const auto rows = folder.wait(folder.ledger().rows(kJob, last, 5000)).value();
      got = rows.size();
      if (got > 0) last = rows.back().row;
    }
    return count;
  }

  LedgerFolder folder;
};

TEST_F(LedgerLoad, RowsByTheHundredThousandTakeFlatMemoryAndABoundedLogAndTheirSweepLetsOthersIn) {
  answer_all();
  EXPECT_EQ(rows_read(), kRows);
  ASSERT_TRUE(folder.commit(ports::ForgetRows{kJob}));
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(folder.commit(ports::CountFirstSends{20240201, 1}));
  EXPECT_LT(std::filesystem::file_size(folder.path() + "-wal"), 32U << 20);
  EXPECT_LT(sqlite3_memory_highwater(0), 48 << 20);
}

constexpr int kCallers = 32;
constexpr int kCommitsEach = 20;

ports::Task<void> count_sends(ports::Ledger& ledger, int& failed) {
  for (int i = 0; i < kCommitsEach; ++i) {
    std::vector<ports::Change> sent;
    sent.emplace_back(ports::CountFirstSends{20240201, 1});
    if (!co_await ledger.commit(std::move(sent))) ++failed;
  }
}

TEST_F(LedgerLoad, OfManyCommitsThatComeTogetherEachCountsOnce) {
  int failed = 0;
  for (int caller = 0; caller < kCallers; ++caller) {
    boost::asio::co_spawn(folder.context, count_sends(folder.ledger(), failed), boost::asio::detached);
  }
  folder.context.run();
  folder.context.restart();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(folder.wait(folder.ledger().first_sends(20240201)).value(), kCallers * kCommitsEach);
}

}  // namespace
}  // namespace sluice::adapters::ledger
