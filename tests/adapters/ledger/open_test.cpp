#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

#include "adapters/ledger/folder.hpp"
#include "adapters/ledger/schema.hpp"
#include "adapters/ledger/sql_functions.hpp"

namespace sluice::adapters::ledger {
namespace {

using testing::HasSubstr;

constexpr JobId kJob{.day = 20240201, .n = 7};

class LedgerOpen : public testing::Test {
 protected:
  void fill(std::uint64_t rows) {
    ASSERT_TRUE(folder.open());
    ports::PutRows put{.job = kJob, .rows = {}};
    for (std::uint64_t n = 1; n <= rows; ++n) put.rows.push_back({.row = n, .message = std::string(100, 'm')});
    ASSERT_TRUE(folder.commit(std::move(put)));
    folder.close();
  }
  void make_with(const std::string& sql) {
    SQLite::Database(folder.path(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(sql);
  }
  void overwrite(std::streamoff at, const std::string& bytes) {
    std::fstream file(folder.path(), std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(at);
    file << bytes;
  }
  Error refused(const Options& options = {}) {
    const auto opened = folder.open(options);
    EXPECT_FALSE(opened);
    return opened ? Error{} : opened.error();
  }

  LedgerFolder folder;
};

TEST_F(LedgerOpen, CreatesALedgerThatOnlyItsOwnerReads) {
  ASSERT_TRUE(folder.open());
  EXPECT_TRUE(folder.ledger().created());
  for (const char* suffix : {"", "-wal"}) {
    struct stat file{};
    ASSERT_EQ(::stat((folder.path() + suffix).c_str(), &file), 0);
    EXPECT_EQ(file.st_mode & 0777, 0600) << suffix;
  }
  ASSERT_TRUE(folder.open());
  EXPECT_FALSE(folder.ledger().created());
}

TEST_F(LedgerOpen, ReadsALedgerOfVersionOne) {
  std::ifstream file(SLUICE_SOURCE_DIR "/tests/adapters/ledger/v1.sql");
  make_with(std::string(std::istreambuf_iterator<char>(file), {}));
  const auto opened = folder.open();
  ASSERT_TRUE(opened) << opened.error().words;
  auto& ledger = folder.ledger();
  EXPECT_FALSE(ledger.created());

  const auto job = folder.wait(ledger.job(kJob)).value();
  ASSERT_TRUE(job);
  EXPECT_EQ(job->name, "orders.csv");
  EXPECT_EQ(job->file, (ports::FileIdentity{.device = 6, .inode = 7, .size = 8, .mtime_ns = 9, .ctime_ns = 10}));
  EXPECT_EQ(job->hold, ports::Hold::by_operator);
  EXPECT_EQ(job->counts[records::Outcome::accepted], 1);
  EXPECT_EQ(job->counts[records::Outcome::in_doubt], 1);
  EXPECT_EQ(job->counts.total(), 2);
  EXPECT_EQ(job->requests, 9);
  const auto batches = folder.wait(ledger.batches(kJob, ports::BatchSet::started, BatchId{0}, 10)).value();
  ASSERT_EQ(batches.size(), 1);
  EXPECT_EQ(batches[0].body_hash, ~std::uint64_t{0});
  EXPECT_EQ(batches[0].rows, (std::vector<records::RowRef>{{.row = 2, .offset = 100, .length = 50},
                                                           {.row = 3, .offset = 151, .length = 50}}));
  const auto rows = folder.wait(ledger.rows(kJob, 0, 10)).value();
  ASSERT_EQ(rows.size(), 2);
  EXPECT_EQ(rows[0].order_id, "178");
  EXPECT_EQ(rows[1].outcome, records::Outcome::in_doubt);
  EXPECT_EQ(folder.wait(ledger.doubts(WallTime(Millis(1'700'000'000'004)))).value().size(), 1);
  EXPECT_EQ(folder.wait(ledger.first_sends(20240201)).value(), 4);
  EXPECT_EQ(folder.wait(ledger.note(ports::Note::paused)).value(), "by hand");
  EXPECT_EQ(folder.wait(ledger.numbers()).value().job, 8);
  EXPECT_EQ(folder.wait(ledger.numbers()).value().batch, 41);
}

TEST_F(LedgerOpen, ReadsALedgerOfVersionTwo) {
  for (const auto* version : {"v1.sql", "v2.sql"}) {
    std::ifstream file(std::string(SLUICE_SOURCE_DIR "/tests/adapters/ledger/") + version);
    make_with(std::string(std::istreambuf_iterator<char>(file), {}));
  }
  const auto opened = folder.open();
  ASSERT_TRUE(opened) << opened.error().words;
  const auto batches = folder.wait(folder.ledger().batches(kJob, ports::BatchSet::started, BatchId{0}, 10)).value();
  ASSERT_EQ(batches.size(), 1);
  EXPECT_EQ(batches[0].past.lost_since, WallTime(Millis(1'700'000'000'009)));
  EXPECT_TRUE(batches[0].keys.empty());
  EXPECT_EQ(batches[0].rows.size(), 2U);
}

TEST_F(LedgerOpen, TakesTheStepsThatAreMissingAllOrNone) {
  SQLite::Database database(folder.path(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  constexpr std::array kOne = {"CREATE TABLE a(x); INSERT INTO a VALUES(1)"};
  constexpr std::array kBroken = {kOne[0], "ALTER TABLE a ADD COLUMN y DEFAULT 2", "CREATE TABLE a(x)"};
  constexpr std::array kTwo = {kBroken[0], kBroken[1]};
  ASSERT_TRUE(migrate_ledger(database, kOne));
  EXPECT_THROW((void)migrate_ledger(database, kBroken), SQLite::Exception);
  EXPECT_EQ(database.execAndGet("PRAGMA user_version").getInt(), 1);
  EXPECT_THROW(database.exec("SELECT y FROM a"), SQLite::Exception);
  ASSERT_TRUE(migrate_ledger(database, kTwo));
  ASSERT_TRUE(migrate_ledger(database, kTwo));
  EXPECT_EQ(database.execAndGet("PRAGMA user_version").getInt(), 2);
  EXPECT_EQ(database.execAndGet("SELECT x + y FROM a").getInt(), 3);
}

// Root pages too: where a first page is lost, recover puts a new ledger's in its place.
std::vector<std::string> everything_of_its_schema(SQLite::Database& database) {
  std::vector<std::string> all;
  SQLite::Statement rows(database,
                         "SELECT type, name, tbl_name, rootpage, coalesce(sql, '') FROM sqlite_schema ORDER BY rowid");
  while (rows.executeStep()) {
    std::string& row = all.emplace_back();
    for (int column = 0; column < rows.getColumnCount(); ++column) row += rows.getColumn(column).getString() + " ";
    row = std::regex_replace(row, std::regex(R"(\s+)"), " ");
  }
  return all;
}

TEST_F(LedgerOpen, ANewLedgerIsMadeAtOnceAsTheStepsWouldMakeIt) {
  SQLite::Database by_steps(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  add_pack_function(by_steps.getHandle());
  add_print_function(by_steps.getHandle());
  for (const char* step : ledger_schema_steps()) by_steps.exec(step);
  SQLite::Database at_once(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  ASSERT_TRUE(migrate_ledger(at_once));
  EXPECT_EQ(everything_of_its_schema(at_once), everything_of_its_schema(by_steps));
  EXPECT_EQ(at_once.execAndGet("PRAGMA page_count").getInt(), by_steps.execAndGet("PRAGMA page_count").getInt());
}

TEST_F(LedgerOpen, RefusesALedgerOfANewerVersionAndLeavesItAlone) {
  fill(1);
  make_with("PRAGMA user_version=99");
  const Error error = refused();
  EXPECT_EQ(error.kind, ErrorKind::config);
  EXPECT_THAT(error.words, HasSubstr("newer sluice"));
  EXPECT_THAT(error.words, HasSubstr(folder.path()));
  EXPECT_EQ(SQLite::Database(folder.path()).execAndGet("PRAGMA user_version").getInt(), 99);
}

TEST_F(LedgerOpen, RefusesAnOlderLedgerOnlyWhereItMayNotMigrate) {
  make_with("CREATE TABLE t(x); PRAGMA application_id=1399616873");
  EXPECT_THAT(refused({.read_only = true}).words, HasSubstr("older sluice"));
}

TEST_F(LedgerOpen, RefusesSomebodyElsesDatabase) {
  make_with("CREATE TABLE orders(x)");
  const Error error = refused();
  EXPECT_EQ(error.kind, ErrorKind::config);
  EXPECT_THAT(error.words, HasSubstr("not a ledger"));
}

TEST_F(LedgerOpen, RefusesDamageWithWordsThatSayWhatToDo) {
  fill(5000);
  const auto size = std::filesystem::file_size(folder.path());
  struct Damage {
    const char* what;
    std::streamoff at;
    std::string bytes;
  };
  std::ifstream sound_file(folder.path(), std::ios::binary);
  const std::string sound(std::istreambuf_iterator<char>(sound_file), {});
  const auto middle = static_cast<std::streamoff>(size / 2 / 4096 * 4096);
  for (const auto& damage :
       {Damage{"no header", 0, std::string(100, 'x')}, Damage{"zeros in the middle", middle, std::string(4096, '\0')},
        Damage{"a few wrong bytes", middle + 3, std::string(6, '\xff')}}) {
    SCOPED_TRACE(damage.what);
    overwrite(0, sound);
    overwrite(damage.at, damage.bytes);
    const Error error = refused();
    EXPECT_EQ(error.kind, ErrorKind::corrupt);
    EXPECT_THAT(error.words, HasSubstr("run `sluice recover`"));
    EXPECT_THAT(error.words, HasSubstr(folder.path()));
  }
  overwrite(0, sound);
  EXPECT_TRUE(folder.open());
}

TEST_F(LedgerOpen, RefusesAFileThatWasCut) {
  fill(5000);
  std::filesystem::resize_file(folder.path(), std::filesystem::file_size(folder.path()) - 4096);
  EXPECT_EQ(refused().kind, ErrorKind::corrupt);
}

// SQLite would delete the log, and with it what was not yet in the file.
TEST_F(LedgerOpen, RefusesAnEmptyFileBesideALog) {
  std::ofstream(folder.path()).flush();
  std::ofstream(folder.path() + "-wal") << std::string(8192, 'w');
  EXPECT_EQ(refused().kind, ErrorKind::corrupt);
  EXPECT_EQ(std::filesystem::file_size(folder.path() + "-wal"), 8192);
}

TEST_F(LedgerOpen, NeverTakesALogThatBelongsToAnotherLedgerForItsOwn) {
  fill(100);
  std::ofstream(folder.path() + "-wal") << std::string(8192, 'w');
  ASSERT_TRUE(folder.open());
  EXPECT_EQ(folder.wait(folder.ledger().rows(kJob, 0, 1000)).value().size(), 100);
}

TEST_F(LedgerOpen, RefusesAFolderInItsPlaceAndAMissingFolder) {
  std::filesystem::create_directory(folder.path());
  EXPECT_EQ(refused().kind, ErrorKind::config);
  EXPECT_EQ(SqliteLedger::open(folder.path() + "/missing/ledger").error().kind, ErrorKind::missing);
}

TEST_F(LedgerOpen, ToLookIsToSeeALiveLedgerAndChangeNothing) {
  EXPECT_EQ(refused({.read_only = true}).kind, ErrorKind::missing);
  EXPECT_FALSE(std::filesystem::exists(folder.path()));

  ASSERT_TRUE(folder.open());
  ASSERT_TRUE(folder.commit(ports::PutNote{ports::Note::paused, "in the log only"}));
  auto looking = SqliteLedger::open(folder.path(), {.read_only = true});
  ASSERT_TRUE(looking) << looking.error().words;
  EXPECT_EQ(folder.wait((*looking)->note(ports::Note::paused)).value(), "in the log only");
  ASSERT_TRUE(folder.commit(ports::PutNote{ports::Note::paused, "later"}));
  EXPECT_EQ(folder.wait((*looking)->note(ports::Note::paused)).value(), "later");
  const auto refused_commit = folder.wait((*looking)->commit({}));
  ASSERT_FALSE(refused_commit);
  EXPECT_EQ(refused_commit.error().kind, ErrorKind::permission);
}

TEST_F(LedgerOpen, ToLookWorksWithoutADaemonToo) {
  fill(3);
  auto looking = SqliteLedger::open(folder.path(), {.read_only = true});
  ASSERT_TRUE(looking) << looking.error().words;
  EXPECT_EQ(folder.wait((*looking)->rows(kJob, 0, 10)).value().size(), 3);
}

TEST_F(LedgerOpen, ARecordThatNobodyCanHaveWrittenIsDamage) {
  fill(3);
  make_with("UPDATE answers SET packed=x'01024D'");
  ASSERT_TRUE(folder.open());
  const auto rows = folder.wait(folder.ledger().rows(kJob, 0, 10));
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().kind, ErrorKind::corrupt);
}

}  // namespace
}  // namespace sluice::adapters::ledger
