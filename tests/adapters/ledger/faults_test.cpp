#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <string>
#include <vector>

#include "adapters/ledger/fault_vfs.hpp"
#include "adapters/ledger/folder.hpp"

namespace sluice::adapters::ledger {
namespace {

using testing::HasSubstr;

constexpr JobId kJob{.day = 20240201, .n = 1};

ports::PutRows rows(std::uint64_t first, std::uint64_t last, std::size_t message = 100) {
  ports::PutRows put{.job = kJob, .rows = {}};
  for (auto n = first; n <= last; ++n) {
    const auto own = std::to_string(n);  // what rows share takes no room
    put.rows.push_back(
        {.row = n, .outcome = records::Outcome::accepted, .message = std::string(message - own.size(), 'm') + own});
  }
  return put;
}

class LedgerFaults : public testing::Test {
 protected:
  void SetUp() override { FaultVfs::instance().reset(); }
  void TearDown() override { FaultVfs::instance().heal(); }
  void open(std::uint32_t max_pages = 0) {
    const auto opened = folder.open({.vfs = FaultVfs::kName, .max_pages = max_pages});
    ASSERT_TRUE(opened) << opened.error().words;
  }
  std::size_t stored() { return folder.wait(folder.ledger().rows(kJob, 0, 100'000)).value().size(); }

  LedgerFolder folder;
};

TEST_F(LedgerFaults, ADiskThatGivesNothingForAMomentIsNotTakenForADamagedLedger) {
  open();
  ASSERT_TRUE(folder.commit(rows(1, 50)));
  FaultVfs::instance().fail_all(SQLITE_IOERR_WRITE);
  // What the first one had changed is forgotten when it fails, and has to be read again for the second.
  for (int i = 0; i < 2; ++i) {
    const auto done = folder.commit(rows(51, 100));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().kind, ErrorKind::io) << done.error().words;
  }
  FaultVfs::instance().heal();
  EXPECT_TRUE(folder.commit(rows(51, 100)));
  EXPECT_EQ(stored(), 100U);
}

struct Fault {
  int code;
  ErrorKind kind;
};

class LedgerWriteFault : public LedgerFaults, public testing::WithParamInterface<Fault> {};

// As SQLite tests itself: fail at the first write, at the second, … until the commit gets through.
TEST_P(LedgerWriteFault, LeavesNothingOfTheCommitAndTheLedgerUsable) {
  open();
  std::size_t before = 0;
  bool got_through = false;
  for (std::int64_t calls = 0; !got_through && calls < 1000; ++calls) {
    SCOPED_TRACE(calls);
    const auto changes = rows(before + 1, before + 50);
    FaultVfs::instance().fail_after(calls, GetParam().code);
    const auto first = folder.commit(changes, ports::CountFirstSends{20240201, 1});
    FaultVfs::instance().heal();
    got_through = first.has_value();
    if (!first) {
      EXPECT_EQ(first.error().kind, GetParam().kind) << first.error().words;
      ASSERT_EQ(stored(), before);
      const auto again = folder.commit(changes, ports::CountFirstSends{20240201, 1});
      ASSERT_TRUE(again) << again.error().words;
    }
    before += 50;
    ASSERT_EQ(stored(), before);
    ASSERT_EQ(folder.wait(folder.ledger().first_sends(20240201)).value(), before / 50);
  }
  EXPECT_TRUE(got_through);
  EXPECT_GT(before, 100) << "no fault was met";
  folder.close();
  open();
  EXPECT_EQ(stored(), before);
}

INSTANTIATE_TEST_SUITE_P(Codes, LedgerWriteFault,
                         testing::Values(Fault{SQLITE_FULL, ErrorKind::no_space},
                                         Fault{SQLITE_IOERR_WRITE, ErrorKind::io},
                                         Fault{SQLITE_IOERR_FSYNC, ErrorKind::io},
                                         Fault{SQLITE_READONLY, ErrorKind::permission}));

TEST_F(LedgerFaults, AFullLedgerGoesOnWhenRoomIsMade) {
  open(200);
  ASSERT_TRUE(folder.commit(rows(1, 3000)));
  const auto full = folder.commit(rows(3001, 9000));
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().kind, ErrorKind::no_space);
  EXPECT_THAT(full.error().words, HasSubstr("make room"));
  EXPECT_THAT(full.error().words, HasSubstr(folder.path()));
  EXPECT_EQ(stored(), 3000);

  ASSERT_TRUE(folder.commit(ports::ForgetRows{kJob}));
  Result<void> again = fail(ErrorKind::no_space, "");
  for (int i = 0; i < 1000 && !again; ++i) again = folder.commit(rows(3001, 5000));  // rows are swept meanwhile
  EXPECT_TRUE(again) << again.error().words;
}

TEST_F(LedgerFaults, DamageMetOnceIsMetByEveryLaterCall) {
  open();
  ASSERT_TRUE(folder.commit(rows(1, 10)));
  FaultVfs::instance().fail_after(0, SQLITE_CORRUPT);
  const auto first = folder.commit(rows(11, 20));
  FaultVfs::instance().heal();
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().kind, ErrorKind::corrupt);
  EXPECT_THAT(first.error().words, HasSubstr("run `sluice recover`"));
  EXPECT_THAT(first.error().words, HasSubstr("Never restore state/ from a backup"));
  EXPECT_EQ(folder.commit(rows(11, 20)).error().kind, ErrorKind::corrupt);
  EXPECT_EQ(folder.wait(folder.ledger().open_jobs()).error().kind, ErrorKind::corrupt);
}

TEST_F(LedgerFaults, AFileThatWasRemovedOrReplacedTakesNoMorePromises) {
  open();
  ASSERT_TRUE(folder.commit(rows(1, 1)));
  std::filesystem::rename(folder.path(), folder.path() + ".away");
  std::filesystem::copy_file(folder.path() + ".away", folder.path());
  const auto gone = folder.commit(rows(2, 2));
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().kind, ErrorKind::corrupt);
  EXPECT_THAT(gone.error().words, HasSubstr("moved or removed"));
}

TEST_F(LedgerFaults, SomebodyElsesLockIsBusyAndPasses) {
  open();
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(folder.path().c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  const auto held = folder.commit(rows(1, 1));
  ASSERT_FALSE(held);
  EXPECT_EQ(held.error().kind, ErrorKind::busy);
  sqlite3_close(other);
  EXPECT_TRUE(folder.commit(rows(1, 1)));
}

TEST_F(LedgerFaults, APowerCutLosesNothingThatWasAnswered) {
  FaultVfs::instance().remember_syncs();
  open();
  for (std::uint64_t n = 1; n <= 30; ++n) {
    ASSERT_TRUE(folder.commit(rows(n, n, 4000)));
    LedgerFolder after;
    FaultVfs::instance().write_durable_to(std::filesystem::path(after.path()).parent_path());
    const auto opened = after.open();
    ASSERT_TRUE(opened) << opened.error().words;
    ASSERT_EQ(after.wait(after.ledger().rows(kJob, 0, 1000)).value().size(), n);
  }
}

TEST_F(LedgerFaults, AFullDiskAtTheStartIsToldAndPasses) {
  FaultVfs::instance().fail_after(0, SQLITE_FULL);
  const auto full = folder.open({.vfs = FaultVfs::kName});
  FaultVfs::instance().heal();
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().kind, ErrorKind::no_space) << full.error().words;
  open();
  EXPECT_TRUE(folder.ledger().created());
  EXPECT_TRUE(folder.commit(rows(1, 1)));
}

}  // namespace
}  // namespace sluice::adapters::ledger
