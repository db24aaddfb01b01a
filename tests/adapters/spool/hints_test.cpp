#include <gmock/gmock.h>

#include "adapters/spool/fixture.hpp"

namespace sluice::adapters::spool {
namespace {

using ::testing::IsEmpty;

class SpoolHints : public SpoolTest {
 public:
  /// Begins to wait; `over` says when it has ended.
  void begin_to_wait(Boottime until = Boottime::max()) {
    over = false;
    boost::asio::co_spawn(io, spool->wait_for_change(until), [this](std::exception_ptr) { over = true; });
    io.restart();
    io.poll();
  }
  /// Until nothing is left to be done; a wait that nobody ends is given up.
  void run_out() {
    io.restart();
    io.run_for(60s);
  }
  bool over = false;
};

TEST_F(SpoolHints, AFileRenamedInEndsTheWait) {
  settings.scan_every = 1h;
  open();
  begin_to_wait();
  EXPECT_FALSE(over);
  put_whole("a.csv");
  run_out();
  EXPECT_TRUE(over);
}

TEST_F(SpoolHints, ClosingAfterWritingEndsTheWait) {
  settings.scan_every = 1h;
  open();
  Writer writer(inbox("a.csv"));
  scan();  // has heard of the name's making
  begin_to_wait();
  writer.write("uid\n");
  io.poll();
  EXPECT_FALSE(over);
  writer.close();
  run_out();
  EXPECT_TRUE(over);
}

TEST_F(SpoolHints, AHardLinkAndAMendedModeEndTheWait) {
  settings.scan_every = 1h;
  open();
  put(base / "kept");
  begin_to_wait();
  std::filesystem::create_hard_link(base / "kept", inbox("a.csv"));
  run_out();
  EXPECT_TRUE(over);
  scan();
  begin_to_wait();
  ASSERT_EQ(::chmod(inbox("a.csv").c_str(), 0664), 0);
  run_out();
  EXPECT_TRUE(over);
}

TEST_F(SpoolHints, AnInboxMadeAgainUnderTheInodeOfTheOldOneIsHeardOf) {
  settings.scan_every = 1h;
  open();
  struct stat before{};
  ASSERT_EQ(::stat(inbox().c_str(), &before), 0);
  std::filesystem::remove(inbox());
  std::filesystem::create_directory(inbox());
  struct stat after{};
  ASSERT_EQ(::stat(inbox().c_str(), &after), 0);
  if (after.st_ino != before.st_ino) GTEST_SKIP() << "needs a file system that uses an inode again at once";
  scan();  // hears that the watch ended with its folder
  scan();
  begin_to_wait();
  put_whole("a.csv");
  run_out();
  EXPECT_TRUE(over);
}

TEST_F(SpoolHints, WakeEndsTheWait) {
  settings.scan_every = 1h;
  open();
  begin_to_wait();
  spool->wake();
  run_out();
  EXPECT_TRUE(over);
}

TEST_F(SpoolHints, WithoutEventsTheWaitEndsAtTheNextScan) {
  settings.scan_every = 30s;
  open();
  begin_to_wait();
  clock.advance(29s);
  io.poll();
  EXPECT_FALSE(over);
  clock.advance(2s);
  run_out();
  EXPECT_TRUE(over);
}

TEST_F(SpoolHints, TheWaitEndsWhenAFileWillHaveRestedAndOnlyOnce) {
  settings.scan_every = 1h;
  open();
  put(inbox("a.csv"));
  scan();
  begin_to_wait();
  clock.advance(1s);
  io.poll();
  EXPECT_FALSE(over);
  clock.advance(1100ms);
  run_out();
  EXPECT_TRUE(over);
  begin_to_wait();  // nobody has scanned: said once is enough
  EXPECT_FALSE(over);
  spool->wake();
  run_out();
}

TEST_F(SpoolHints, ScansAreTenTimesAsFarApartAsOneTakesHoweverMuchHappens) {
  open();
  clock.pass(1s);
  scan();  // takes a second
  clock.pass(0s);
  put_whole("a.csv");
  begin_to_wait(clock.now());
  clock.advance(9s);
  io.poll();
  EXPECT_FALSE(over);
  clock.advance(1s);
  run_out();
  EXPECT_TRUE(over);
}

TEST_F(SpoolHints, AFewShortScansPutNothingOffAndManyDo) {
  settings.scan_every = 1h;
  open();
  clock.pass(5ms);
  scan();
  scan();
  clock.pass(0s);
  put_whole("a.csv");
  begin_to_wait();
  run_out();
  EXPECT_TRUE(over) << "as when a file comes just after the last one's job has ended";
  clock.pass(5ms);
  for (int i = 0; i < 20; ++i) scan();
  clock.pass(0s);
  put_whole("b.csv");
  begin_to_wait();
  io.restart();
  io.poll();
  EXPECT_FALSE(over);
  clock.advance(1s);
  run_out();
  EXPECT_TRUE(over);
}

TEST_F(SpoolHints, AScanThatHungPutsTheNextOffByAMinuteOnly) {
  settings.scan_every = 10ms;
  open();
  clock.pass(1h);
  scan();
  clock.pass(0s);
  begin_to_wait(clock.now());
  clock.advance(61s);
  run_out();
  EXPECT_TRUE(over);
}

TEST_F(SpoolHints, AStopIsHeardBetweenTwoScans) {
  open();
  clock.pass(1s);
  scan();
  clock.pass(0s);
  begin_to_wait();
  EXPECT_FALSE(over);
  spool->wake();
  run_out();
  EXPECT_TRUE(over);
}

TEST_F(SpoolHints, WhatHappenedWhileNobodyWaitedEndsTheNextWait) {
  settings.scan_every = 1h;
  open();
  put_whole("a.csv");
  begin_to_wait();
  run_out();
  EXPECT_TRUE(over);
}

TEST_F(SpoolHints, AnOverflowingQueueCostsTimeButNoFile) {
  open();
  put_whole("whole.csv");
  int most = 16'384;
  std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> most;
  // Two names in turn, because equal events in a row are one.
  for (int i = 0; i <= most / 2 + 1; ++i) {
    for (const auto* name : {".a", ".b"}) ASSERT_EQ(::close(::open(inbox(name).c_str(), O_WRONLY | O_CREAT, 0660)), 0);
  }
  put_whole("late.csv");
  EXPECT_EQ(scan().size(), 2U);
  clock.advance(3s);
  for (const auto& entry : scan()) EXPECT_TRUE(entry.ready) << entry.name << ": " << entry.waits_for;
}

TEST_F(SpoolHints, AnInboxMadeAnewIsWatchedAfterTheNextScan) {
  settings.scan_every = 1h;
  open();
  std::filesystem::rename(inbox(), base / "old inbox");
  EXPECT_THAT(scan(), IsEmpty());
  begin_to_wait();
  put_whole("a.csv");
  run_out();
  EXPECT_TRUE(over);
  EXPECT_TRUE(only().ready);
}

TEST_F(SpoolHints, NothingIsLeftToDoWhileNobodyWaits) {
  open();
  put_whole("a.csv");
  run_out();  // would hang if the watch kept the executor busy
  EXPECT_EQ(spool->hints_trouble(), "");
}

}  // namespace
}  // namespace sluice::adapters::spool
