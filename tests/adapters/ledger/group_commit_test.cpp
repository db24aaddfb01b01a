#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <string>
#include <thread>
#include <vector>

#include "adapters/ledger/fault_vfs.hpp"
#include "adapters/ledger/folder.hpp"

namespace sluice::adapters::ledger {
namespace {

using testing::ElementsAre;

/// One of many keys that differ.
ports::NoteKey key(std::uint64_t n) {
  return {ports::JobNote::decided, {.day = 20240115, .n = n}};
}
ports::Change note(std::uint64_t n, std::string value = "x") {
  return ports::PutNote{key(n), std::move(value)};
}

class LedgerGroupCommit : public testing::Test {
 protected:
  void SetUp() override { FaultVfs::instance().reset(); }
  void TearDown() override {
    FaultVfs::instance().release_syncs();
    folder.close();
  }
  void open(std::uint32_t max_pages = 0) {
    const auto opened = folder.open({.vfs = FaultVfs::kName, .max_pages = max_pages});
    ASSERT_TRUE(opened) << opened.error().words;
  }

  /// Begins a commit and hands it to the ledger's thread; its result goes to `results[at]`.
  void begin(std::size_t at, ports::Change change) {
    if (results.size() <= at) results.resize(at + 1);
    boost::asio::co_spawn(folder.context, keep(at, std::move(change)), boost::asio::detached);
    folder.context.poll();
  }
  ports::Task<void> keep(std::size_t at, ports::Change change) {
    std::vector<ports::Change> changes(1, std::move(change));
    const auto done = co_await folder.ledger().commit(std::move(changes));
    results[at] = done ? "stored" : done.error().words;
    kinds.push_back(done ? std::optional<ErrorKind>{} : done.error().kind);
  }
  void finish() {
    folder.context.run();
    folder.context.restart();
  }

  LedgerFolder folder;
  std::vector<std::string> results;
  std::vector<std::optional<ErrorKind>> kinds;
};

TEST_F(LedgerGroupCommit, CommitsThatWaitTogetherShareOneSync) {
  open();
  ASSERT_TRUE(folder.commit(note(1)));
  FaultVfs::instance().hold_syncs();
  const auto before = FaultVfs::instance().syncs();
  begin(0, note(0));
  FaultVfs::instance().wait_until_held();
  for (std::size_t i = 1; i < 32; ++i) begin(i, note(i));
  EXPECT_THAT(results, testing::Each("")) << "answered before it was durable";
  FaultVfs::instance().release_syncs();
  finish();
  EXPECT_THAT(results, testing::Each("stored"));
  EXPECT_EQ(FaultVfs::instance().syncs() - before, 2);
}

TEST_F(LedgerGroupCommit, OneThatCannotBeStoredDoesNotTakeTheOthersAlong) {
  open(64);
  FaultVfs::instance().hold_syncs();
  begin(0, note(0));
  FaultVfs::instance().wait_until_held();
  begin(1, note(1));
  begin(2, note(2, std::string(1024 * 1024, 'x')));
  begin(3, note(3));
  FaultVfs::instance().release_syncs();
  finish();
  EXPECT_THAT(kinds, ElementsAre(std::nullopt, std::nullopt, ErrorKind::no_space, std::nullopt));
  EXPECT_EQ(folder.wait(folder.ledger().note(key(1))).value(), "x");
  EXPECT_EQ(folder.wait(folder.ledger().note(key(2))).value(), "");
  EXPECT_EQ(folder.wait(folder.ledger().note(key(3))).value(), "x");
}

TEST_F(LedgerGroupCommit, AReadSeesTheCommitsQueuedBeforeIt) {
  open();
  FaultVfs::instance().hold_syncs();
  begin(0, note(1, "old"));
  FaultVfs::instance().wait_until_held();
  begin(1, note(1, "new"));
  std::string seen;
  boost::asio::co_spawn(folder.context, folder.ledger().note(key(1)),
                        [&](const std::exception_ptr&, Result<std::string> value) { seen = value.value(); });
  folder.context.poll();
  FaultVfs::instance().release_syncs();
  finish();
  EXPECT_EQ(seen, "new");
}

TEST_F(LedgerGroupCommit, ClosingCarriesOutWhatIsQueued) {
  open();
  FaultVfs::instance().hold_syncs();
  begin(0, note(0));
  FaultVfs::instance().wait_until_held();
  begin(1, note(1));
  std::jthread releaser([] { FaultVfs::instance().release_syncs(); });
  folder.close();
  finish();
  EXPECT_THAT(results, ElementsAre("stored", "stored"));
  open();
  EXPECT_EQ(folder.wait(folder.ledger().note(key(1))).value(), "x");
}

TEST_F(LedgerGroupCommit, ResultsComeOnTheCallersThread) {
  open();
  std::thread::id resumed_on;
  boost::asio::co_spawn(
      folder.context, folder.ledger().commit({}),
      [&](const std::exception_ptr&, const Result<void>&) { resumed_on = std::this_thread::get_id(); });
  finish();
  EXPECT_EQ(resumed_on, std::this_thread::get_id());
}

}  // namespace
}  // namespace sluice::adapters::ledger
