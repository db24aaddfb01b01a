#include "sluice/adapters/ledger/salvage.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "adapters/ledger/folder.hpp"
#include "adapters/ledger/schema.hpp"
#include "adapters/ledger/sql_functions.hpp"
#include "adapters/packing/answers.hpp"

namespace sluice::adapters::ledger {
namespace {

constexpr std::uint64_t kRows = 20'000;
constexpr std::uint64_t kTogether = 50;  // of a batch
constexpr std::streamoff kPage = 4096;

JobId job(std::uint64_t n) {
  return {.day = 20240201, .n = n};
}

/// A ledger with a job under way, on disk and closed.
class LedgerSalvaged : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(folder.open());
    ASSERT_TRUE(folder.commit(ports::ForgetSurvey{job(7)}));
    for (std::uint64_t n = 1; n <= 200; ++n) {
      ports::JobHeader header;
      header.id = job(n);
      header.name = "orders.csv";
      header.state = n == 7 ? ports::JobState::sending : ports::JobState::done;
      header.base_url = std::string(100, 'u');
      ASSERT_TRUE(folder.commit(ports::PutJob{header}));
    }
    for (std::uint64_t first = 1; first <= kRows; first += kTogether) {
      ports::PutRows rows{.job = job(7), .rows = {}};
      for (std::uint64_t n = first; n < first + kTogether; ++n) {
        rows.rows.push_back({.row = n,
                             .outcome = records::Outcome::accepted,
                             .message = "accepted",
                             .order_id = std::to_string(17'872'308'245'801'546 + n * 7'654'321)});
        rows.orders.push_back({.mark = n, .ids = {std::to_string(7'000'000'000 + n), "yan"}});
      }
      ASSERT_TRUE(folder.commit(rows));
    }
    ports::PutBatches batches;
    for (std::uint64_t n = 1; n <= 100; ++n) {
      ports::Batch batch;
      batch.id = BatchId{n};
      batch.job = job(7);
      batch.state = ports::BatchState::sending;
      for (std::uint64_t row = 0; row < 50; ++row) {
        batch.rows.push_back({.row = kRows + n * 50 + row, .offset = (n * 50 + row) * 50, .length = 49});
      }
      batches.batches.push_back(batch);
    }
    ports::PutDoubts doubts;
    for (const std::uint64_t n : {3, 5}) {
      doubts.doubts.push_back({.order_hash = n, .order = "{}", .job = job(n), .row = 1, .since = WallTime{Millis{1}}});
      doubts.doubts.push_back({.order_hash = n, .order = "{}", .job = job(n), .row = 2, .since = WallTime{Millis{1}}});
    }
    ASSERT_TRUE(folder.commit(batches, doubts, ports::PutNote{ports::Note::paused, "by hand"},
                              ports::CountFirstSends{20240201, 42}));
    folder.close();
  }

  std::fstream file() { return std::fstream(folder.path(), std::ios::binary | std::ios::in | std::ios::out); }
  std::uint64_t pages() { return std::filesystem::file_size(folder.path()) / kPage; }
  void spoil_page(std::streamoff page) {
    auto bytes = file();
    bytes.seekp((page - 1) * kPage);
    bytes << std::string(kPage, '\x5a');
  }

  std::unique_ptr<Salvage> salvage() {
    auto opened = Salvage::open(folder.path());
    EXPECT_TRUE(opened) << opened.error().words;
    return opened ? std::move(*opened) : nullptr;
  }

  /// All rows of job 7 by pages, ascending and each once.
  static std::vector<std::uint64_t> rows_of(Salvage& salvage) {
    std::vector<std::uint64_t> numbers;
    for (;;) {
      const auto page = salvage.rows(job(7), numbers.empty() ? 0 : numbers.back(), 3000);
      for (const auto& row : page) numbers.push_back(row.row);
      if (page.size() < 3000) break;
    }
    EXPECT_TRUE(std::ranges::is_sorted(numbers, std::less_equal<>{}));
    return numbers;
  }

  /// How many orders, and how many marks of accepted ones, are remembered.
  static std::pair<std::size_t, std::size_t> remembered_by(Salvage& salvage) {
    std::pair<std::size_t, std::size_t> counts;
    for (auto some = salvage.next_remembered(); !some.empty(); some = salvage.next_remembered()) {
      for (const auto& piece : some) (piece.rows.empty() ? counts.second : counts.first) += piece.orders.size();
    }
    return counts;
  }

  static std::size_t gaps_in(const std::vector<std::uint64_t>& numbers) {
    std::size_t gaps = 0;
    std::uint64_t expected = 1;
    for (const auto number : numbers) gaps += std::exchange(expected, number + 1) == number ? 0 : 1;
    return gaps + (expected == kRows + 1 ? 0 : 1);
  }

  void expect_all(Salvage& salvage) {
    EXPECT_EQ(salvage.jobs().size(), 200);
    EXPECT_EQ(rows_of(salvage).size(), kRows);
    EXPECT_EQ(salvage.doubts().size(), 4);
    EXPECT_EQ(salvage.first_sends(20240201), 42);
    EXPECT_EQ(salvage.note(ports::Note::paused), "by hand");
    EXPECT_EQ(salvage.numbers().job, 200);
    EXPECT_EQ(salvage.numbers().batch, 100);
    EXPECT_EQ(remembered_by(salvage), std::pair(kRows, kRows));
  }

  LedgerFolder folder;
};

TEST_F(LedgerSalvaged, ReadsASoundLedgerWholeAndLeavesNothingBehind) {
  {
    const auto salvaged = salvage();
    expect_all(*salvaged);
    EXPECT_THAT(salvaged->damage(), testing::IsEmpty());
  }
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(folder.path()).parent_path())) {
    EXPECT_EQ(entry.path().filename(), "ledger");
  }
}

TEST_F(LedgerSalvaged, ReadsWhatIsStillInTheLogOfACrashedProcess) {
  ASSERT_TRUE(folder.open());
  ASSERT_TRUE(folder.commit(ports::PutNote{ports::Note::tried, "yes"}));
  LedgerFolder crashed;
  std::filesystem::copy_file(folder.path(), crashed.path());
  std::filesystem::copy_file(folder.path() + "-wal", crashed.path() + "-wal");
  auto opened = Salvage::open(crashed.path());
  ASSERT_TRUE(opened);
  EXPECT_EQ((*opened)->note(ports::Note::tried), "yes");
}

TEST_F(LedgerSalvaged, ReadsAllWhenOnlyTheFirstPageIsGone) {
  spoil_page(1);
  EXPECT_EQ(folder.open().error().kind, ErrorKind::corrupt);
  const auto salvaged = salvage();
  expect_all(*salvaged);
  EXPECT_THAT(salvaged->damage(), testing::Contains(testing::HasSubstr("first page")));
}

TEST_F(LedgerSalvaged, LosesOnlyWhatWasOnAPageThatIsGone) {
  std::size_t losses = 0;
  for (std::uint64_t page = 10; page < pages(); page += 13) {
    SCOPED_TRACE(page);
    auto bytes = file();
    std::string before(kPage, '\0');
    bytes.seekg(static_cast<std::streamoff>(page - 1) * kPage);
    bytes.read(before.data(), kPage);
    spoil_page(static_cast<std::streamoff>(page));
    const auto salvaged = salvage();
    const auto numbers = rows_of(*salvaged);
    const auto rows = numbers.size();
    const auto jobs = salvaged->jobs().size();
    EXPECT_LE(gaps_in(numbers), 1) << "what a page holds stands together: no row beside it may be lost";
    // An inner page of answers carries some hundred others, nothing else more than 1000 rows or 30 jobs.
    EXPECT_LE(static_cast<int>(rows < kRows) + static_cast<int>(jobs < 200), 1);
    if (rows + 1000 < kRows) ++losses;
    EXPECT_GE(jobs, 170);
    if (rows < kRows || jobs < 200) EXPECT_THAT(salvaged->damage(), testing::Not(testing::IsEmpty()));
    bytes.seekp(static_cast<std::streamoff>(page - 1) * kPage);
    bytes.write(before.data(), kPage);
    bytes.flush();
  }
  EXPECT_LE(losses, 1);
}

TEST_F(LedgerSalvaged, OfAPageOfAnswersThatIsGoneNotOneRowMoreIsLost) {
  struct Leaf {
    std::streamoff page;
    std::size_t rows;
  };
  std::vector<Leaf> leaves;
  try {
    SQLite::Database database(folder.path());
    SQLite::Statement found(
        database, "SELECT pageno, ncell FROM dbstat WHERE name='answers' AND pagetype='leaf' ORDER BY pageno");
    while (found.executeStep()) {
      const auto pieces = static_cast<std::size_t>(found.getColumn(1).getInt());
      leaves.push_back({.page = found.getColumn(0).getInt64(), .rows = pieces * kTogether});
    }
  } catch (const SQLite::Exception& exception) {
    GTEST_SKIP() << "this SQLite can't tell what is on a page: " << exception.what();
  }
  ASSERT_GT(leaves.size(), 20U);
  for (std::size_t i = 0; i < leaves.size(); i += leaves.size() / 8) {
    SCOPED_TRACE(leaves[i].page);
    auto bytes = file();
    std::string before(kPage, '\0');
    bytes.seekg((leaves[i].page - 1) * kPage);
    bytes.read(before.data(), kPage);
    spoil_page(leaves[i].page);
    EXPECT_EQ(rows_of(*salvage()).size(), kRows - leaves[i].rows);
    bytes.seekp((leaves[i].page - 1) * kPage);
    bytes.write(before.data(), kPage);
    bytes.flush();
  }
}

// How much depends on where the inner pages lay; headers, the oldest, come first.
TEST_F(LedgerSalvaged, ReadsTheFirstPartOfAFileThatWasCut) {
  std::filesystem::resize_file(folder.path(), pages() * kPage * 7 / 8);
  EXPECT_EQ(folder.open().error().kind, ErrorKind::corrupt);
  {
    const auto salvaged = salvage();
    EXPECT_EQ(salvaged->jobs().size(), 200);
    EXPECT_GE(rows_of(*salvaged).size(), kRows / 4);
    EXPECT_THAT(salvaged->damage(), testing::Not(testing::IsEmpty()));
  }
  std::filesystem::resize_file(folder.path(), pages() * kPage / 2);
  EXPECT_EQ(salvage()->jobs().size(), 200);
}

TEST_F(LedgerSalvaged, SaysThatThereIsNoLedgerOrNothingInIt) {
  EXPECT_EQ(Salvage::open(folder.path() + "-elsewhere").error().kind, ErrorKind::missing);
  std::ofstream(folder.path(), std::ios::binary | std::ios::trunc) << std::string(3 * kPage, 'x');
  const auto hopeless = Salvage::open(folder.path());
  if (hopeless) EXPECT_TRUE((*hopeless)->jobs().empty());
}

/// v1.sql, brought to a later schema by the steps that were released then.
class LedgerOfAnEarlierSchemaSalvaged : public testing::TestWithParam<std::size_t> {
 protected:
  void SetUp() override {
    std::ifstream file(SLUICE_SOURCE_DIR "/tests/adapters/ledger/v1.sql");
    SQLite::Database database(folder.path(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec("PRAGMA page_size=4096");
    database.exec(std::string(std::istreambuf_iterator<char>(file), {}));
    add_pack_function(database.getHandle());
    add_print_function(database.getHandle());
    for (const char* step : ledger_schema_steps().subspan(1, GetParam() - 1)) database.exec(step);
    database.exec("PRAGMA user_version=" + std::to_string(GetParam()));
  }
  void expect_all_is_there() {
    const auto salvaged = Salvage::open(folder.path());
    ASSERT_TRUE(salvaged) << salvaged.error().words;
    const auto jobs = (*salvaged)->jobs();
    ASSERT_EQ(jobs.size(), 1);
    EXPECT_EQ(jobs[0].name, "orders.csv");
    EXPECT_EQ(jobs[0].requests, 9);
    const auto doubts = (*salvaged)->doubts();
    ASSERT_EQ(doubts.size(), 1) << "a doubt that is lost is money: the order could be sent again";
    EXPECT_EQ(doubts[0].order, R"({"uid":"1"})");
    EXPECT_EQ(doubts[0].looked_up, ports::LookedUp::not_yet);
    EXPECT_EQ((*salvaged)->rows(jobs[0].id, 0, 10).size(), 2);
    EXPECT_EQ((*salvaged)->first_sends(20240201), 4);
  }

  LedgerFolder folder;
};

TEST_P(LedgerOfAnEarlierSchemaSalvaged, KeepsItsJobsItsDoubtsAndItsAnswers) {
  expect_all_is_there();
}

TEST_P(LedgerOfAnEarlierSchemaSalvaged, KeepsThemWithoutItsFirstPage) {
  std::fstream file(folder.path(), std::ios::binary | std::ios::in | std::ios::out);
  file << std::string(kPage, '\x5a');
  file.close();
  expect_all_is_there();
}

INSTANTIATE_TEST_SUITE_P(All, LedgerOfAnEarlierSchemaSalvaged,
                         testing::Range(std::size_t{1}, ledger_schema_steps().size()));

}  // namespace
}  // namespace sluice::adapters::ledger
