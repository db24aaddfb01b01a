#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "adapters/ledger/folder.hpp"
#include "adapters/ledger/statements.hpp"
#include "adapters/packing/order_ids.hpp"

namespace sluice::adapters::ledger {
namespace {

using testing::HasSubstr;

constexpr JobId kJob{.day = 20240201, .n = 7};

class LedgerHistory : public testing::Test {
 protected:
  /// In pieces of fifty, as batches settle them.
  void remember(std::uint64_t orders) {
    ASSERT_TRUE(folder.open());
    for (std::uint64_t n = 0; n < orders; n += 50) {
      ports::PutRows put{.job = kJob, .rows = {}, .orders = {}};
      for (std::uint64_t i = n; i < std::min(n + 50, orders); ++i) {
        put.rows.push_back({.row = i + 1, .order_id = "o" + std::to_string(i)});
        put.orders.push_back({.mark = i + 1, .ids = {"u" + std::to_string(i), "d" + std::to_string(i)}});
      }
      ASSERT_TRUE(folder.commit(std::move(put)));
    }
  }
  std::vector<std::uint64_t> find(const std::string& id) {
    std::vector<std::uint64_t> rows;
    const auto page = folder.wait(folder.ledger().history({.id = id, .job = {}}, 0)).value();
    EXPECT_TRUE(page.end);
    for (const auto& order : page.orders) rows.push_back(order.result.row);
    return rows;
  }
  std::string plan_of(Sql which) {
    SQLite::Database database(folder.path(), SQLite::OPEN_READWRITE);
    SQLite::Statement explained(database, "EXPLAIN QUERY PLAN " + text_of(which));
    std::string plan;
    while (explained.executeStep()) plan += explained.getColumn(3).getString() + "\n";
    return plan;
  }

  LedgerFolder folder;
};

TEST_F(LedgerHistory, FindsOneOfThousandsByEachOfItsIds) {
  remember(5000);
  for (const auto* id : {"u4321", "d4321", "o4321"}) EXPECT_EQ(find(id), (std::vector<std::uint64_t>{4322})) << id;
  EXPECT_TRUE(find("u5000").empty());
}

TEST_F(LedgerHistory, NoOrderIsLookedForThroughAllThatIsRemembered) {
  ASSERT_TRUE(folder.open());
  EXPECT_THAT(plan_of(Sql::prints), HasSubstr("SEARCH prints USING INTEGER PRIMARY KEY (rowid>?)"));
  EXPECT_THAT(plan_of(Sql::history_piece), HasSubstr("SEARCH history USING INTEGER PRIMARY KEY (rowid=?)"));
  EXPECT_THAT(plan_of(Sql::history_of_job), HasSubstr("SEARCH history USING INDEX history_by_job"));
}

TEST_F(LedgerHistory, JobsThatAreOldEnoughAreFoundByTheirEnd) {
  ASSERT_TRUE(folder.open());
  EXPECT_THAT(plan_of(Sql::jobs_ended), HasSubstr("SEARCH jobs USING INDEX jobs_by_end (state=? AND finished_at>? AND "
                                                  "finished_at<?)"));
}

TEST_F(LedgerHistory, APrintSpeaksForEachIdAndSeldomForAnother) {
  const std::vector<records::RowResult> rows = {{.row = 1, .order_id = "o1"}, {.row = 2}};
  const std::vector<ports::OrderIds> orders = {{.mark = 1, .ids = {"u1", "d1"}}, {.mark = 2, .ids = {"u2"}}};
  const auto prints = pack_prints(rows, orders);
  EXPECT_EQ(prints.size(), 2 * 4);
  for (const auto* id : {"u1", "d1", "o1", "u2"}) EXPECT_TRUE(may_bear(prints, id)) << id;
  int others = 0;
  for (int n = 0; n < 10'000; ++n) others += may_bear(prints, "x" + std::to_string(n)) ? 1 : 0;
  EXPECT_LT(others, 20);
}

TEST_F(LedgerHistory, WhatAnEarlierVersionRemembersIsFoundAfterItsLedgerIsBroughtUpToDate) {
  remember(120);
  folder.close();
  SQLite::Database(folder.path(), SQLite::OPEN_READWRITE)
      .exec("DROP TABLE prints; DROP INDEX jobs_by_end; PRAGMA user_version = 9");
  ASSERT_TRUE(folder.open());
  EXPECT_EQ(find("o119"), (std::vector<std::uint64_t>{120}));
  EXPECT_EQ(find("u7"), (std::vector<std::uint64_t>{8}));
}

TEST_F(LedgerHistory, PrintsGoWithWhatTheyStandFor) {
  remember(120);
  ASSERT_TRUE(folder.commit(ports::ForgetHistory{WallTime{std::chrono::days(20'000)}}));
  const auto left = [this] {
    SQLite::Database database(folder.path());
    return database.execAndGet("SELECT count(*) FROM prints").getInt64() +
           database.execAndGet("SELECT count(*) FROM history").getInt64();
  };
  while (left() > 0) ASSERT_TRUE(folder.commit());  // each lets it sweep a little
}

}  // namespace
}  // namespace sluice::adapters::ledger
