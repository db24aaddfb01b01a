#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <ctime>
#include <set>
#include <string>

#include "adapters/spool/fixture.hpp"

namespace sluice::adapters::spool {
namespace {

using SpoolArrival = SpoolTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> names(const std::vector<ports::InboxEntry>& entries) {
  std::vector<std::string> all;
  for (const auto& entry : entries) all.push_back(entry.name);
  return all;
}

void set_mtime(const std::filesystem::path& path, time_t seconds) {
  const timespec times[2] = {{.tv_sec = seconds, .tv_nsec = 0}, {.tv_sec = seconds, .tv_nsec = 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
}

TEST_F(SpoolArrival, AFileRenamedInIsReadyAtOnce) {
  open();
  put_whole("a.csv");
  const auto entry = only();
  EXPECT_TRUE(entry.ready) << entry.waits_for;
  EXPECT_EQ(entry.identity.size, 6U);
}

TEST_F(SpoolArrival, AFileWrittenInPlaceMustRest) {
  open();
  put(inbox("a.csv"));
  EXPECT_THAT(only().waits_for, HasSubstr("must rest 2 s"));
  clock.advance(1900ms);
  EXPECT_FALSE(only().ready);
  clock.advance(200ms);
  EXPECT_TRUE(only().ready);
}

TEST_F(SpoolArrival, AnAppendingLoopThatClosesBetweenLinesStartsTheRestAnew) {
  open();
  for (int line = 0; line < 5; ++line) {
    Writer(inbox("a.csv")).write("uid\n");
    EXPECT_FALSE(only().ready);
    clock.advance(1500ms);
  }
  EXPECT_FALSE(only().ready);
  clock.advance(600ms);
  EXPECT_TRUE(only().ready);
}

TEST_F(SpoolArrival, AppendingAfterTheRenameTakesItsPrivilegeAway) {
  open();
  put_whole("a.csv");
  ASSERT_TRUE(only().ready);
  Writer(inbox("a.csv")).write("2\n");
  EXPECT_FALSE(only().ready);
  clock.advance(2100ms);
  EXPECT_TRUE(only().ready);
}

TEST_F(SpoolArrival, AFileHeldOpenForWritingWaitsHoweverLongItRests) {
  open();
  Writer writer(inbox("a.csv"));
  writer.write("uid\n1\n");
  scan();
  clock.advance(1h);
  EXPECT_THAT(only().waits_for, HasSubstr("being written"));
  writer.close();
  EXPECT_TRUE(rested().ready);
}

TEST_F(SpoolArrival, AFileHeldOpenWhileItIsRenamedInWaitsToo) {
  open();
  Writer writer(base / "elsewhere");
  writer.write("uid\n");
  std::filesystem::rename(base / "elsewhere", inbox("a.csv"));
  EXPECT_THAT(only().waits_for, HasSubstr("being written"));
}

TEST_F(SpoolArrival, AnEmptyFileWaitsAMinuteEvenWhenRenamedIn) {
  open();
  put_whole("a.csv", "");
  EXPECT_THAT(only().waits_for, HasSubstr("empty"));
  clock.advance(59s);
  EXPECT_FALSE(only().ready);
  clock.advance(2s);
  EXPECT_TRUE(only().ready);
}

TEST_F(SpoolArrival, WhatLayThereBeforeTheFirstLookHasRested) {
  open();
  put(inbox("a.csv"));
  clock.jump_wall(3s);
  EXPECT_TRUE(only().ready);
}

TEST_F(SpoolArrival, AClockSetBackDoesNotKeepAFileWaitingForever) {
  open();
  put(inbox("a.csv"));
  clock.jump_wall(-24h);
  EXPECT_FALSE(only().ready);
  clock.advance(2100ms);
  EXPECT_TRUE(only().ready);
}

TEST_F(SpoolArrival, AClockSetForwardBetweenLooksDoesNotShortenTheRest) {
  open();
  put(inbox("a.csv"));
  scan();
  clock.jump_wall(24h);
  EXPECT_FALSE(only().ready);
}

TEST_F(SpoolArrival, AnOldMtimeIsNoSignOfRest) {
  open();
  put(inbox("a.csv"));
  set_mtime(inbox("a.csv"), 1'000'000'000);
  EXPECT_FALSE(only().ready);
}

TEST_F(SpoolArrival, AFileReplacedWhileItWaitsStartsAnew) {
  open();
  put(inbox("a.csv"), "uid\n1\n");
  scan();
  clock.advance(1900ms);
  std::filesystem::remove(inbox("a.csv"));
  put(inbox("a.csv"), "uid\n2\n");
  scan();
  clock.advance(200ms);
  EXPECT_FALSE(only().ready);
}

TEST_F(SpoolArrival, OldestFirstThenByName) {
  open();
  for (const auto* name : {"c.csv", "b.csv", "a.csv", "z.csv"}) put_whole(name);
  set_mtime(inbox("z.csv"), 1'600'000'000);
  for (const auto* name : {"c.csv", "b.csv", "a.csv"}) set_mtime(inbox(name), 1'600'000'001);
  EXPECT_THAT(names(scan()), ElementsAre("z.csv", "a.csv", "b.csv", "c.csv"));
}

TEST_F(SpoolArrival, TemporaryNamesOfTransferProgramsAreNotListedUntilRenamed) {
  open();
  for (const auto* name : {".a.csv.Xy12", "a.csv.filepart", "a.csv.part", "a.tmp", "~$a.xlsx"}) put(inbox(name));
  clock.advance(1h);
  EXPECT_THAT(scan(), IsEmpty());
  std::filesystem::rename(inbox(".a.csv.Xy12"), inbox("a.csv"));  // as rsync does
  EXPECT_TRUE(only().ready);
}

TEST_F(SpoolArrival, OddNamesAreNamesLikeOthers) {
  open();
  const std::vector<std::string> odd = {"with space.csv", "quo\"te'.csv", "new\nline.csv", "\xC1\xAA\xFF.csv",
                                        "..csv..",        "单 子.csv",    "-rf",           std::string(255, 'n')};
  for (const auto& name : odd) {
    if (!ports::left_alone(name)) put_whole(name, name);
  }
  std::size_t taken = 0;
  for (const auto& entry : scan()) {
    EXPECT_TRUE(entry.ready) << entry.waits_for;
    const JobId job{20240118, ++taken};
    value(value(spool->open(entry))->take(job));
    EXPECT_EQ(value(value(spool->read(job))->read_at(0, 1000)), entry.name);
    value(spool->archive(job, entry.name));
    EXPECT_EQ(bytes_of(root / "archive" / ports::archived_name(entry.name, job)), entry.name);
  }
  EXPECT_EQ(taken, odd.size() - 1);
}

TEST_F(SpoolArrival, OnlyRegularFilesAreTakenAndNothingHangs) {
  open();
  std::filesystem::create_directory(inbox("folder.csv"));
  std::filesystem::create_symlink("/etc/passwd", inbox("link.csv"));
  ASSERT_EQ(::mkfifo(inbox("pipe.csv").c_str(), 0660), 0);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto here = std::filesystem::current_path();
  std::filesystem::current_path(inbox());  // sun_path is short
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = "sock.csv"};
  EXPECT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  std::filesystem::current_path(here);
  ::close(fd);
  clock.advance(1h);
  const auto entries = scan();
  ASSERT_EQ(entries.size(), 4U);
  for (const auto& entry : entries) {
    EXPECT_FALSE(entry.ready);
    EXPECT_THAT(entry.waits_for, HasSubstr("only regular files"));
  }
}

TEST_F(SpoolArrival, WhereEventsWereLostNothingThatWasHeardIsBelieved) {
  open();
  put(inbox("b.csv"));
  put_whole("a.csv");  // heard of as whole
  int most = 0;
  std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> most;
  for (int n = 0; n < most; ++n) {
    const auto name = inbox(n % 2 == 0 ? "a.csv" : "b.csv");  // the same one twice would be one event
    ASSERT_EQ(::chmod(name.c_str(), n % 4 < 2 ? 0640 : 0644), 0);
  }
  const auto entries = scan();
  const auto a = std::ranges::find(entries, "a.csv", &ports::InboxEntry::name);
  ASSERT_NE(a, entries.end());
  EXPECT_FALSE(a->ready);
  EXPECT_THAT(a->waits_for, HasSubstr("must rest"));
}

TEST_F(SpoolArrival, WithAReadySuffixAFileWaitsForItsMarker) {
  settings.ready_suffix = ".ok";
  open();
  put_whole("a.csv");
  EXPECT_THAT(only().waits_for, HasSubstr("a.csv.ok"));
  put(inbox("a.csv.ok"), "");
  const auto entry = only();
  EXPECT_TRUE(entry.ready) << entry.waits_for;
  value(value(spool->open(entry))->take(kJob));
  EXPECT_THAT(names_in(inbox()), IsEmpty());
}

TEST_F(SpoolArrival, OfACrowdThatWaitsAThousandAreListedTheOthersCountedAndEachIsTakenInItsTime) {
  settings.ready_suffix = ".ok";
  open();
  std::set<std::string> unlisted;
  for (int n = 0; n < 1200; ++n) put(inbox(*unlisted.insert(std::to_string(n) + ".csv").first));
  const auto waiting = value(spool->scan());
  ASSERT_EQ(waiting.entries.size(), 1000U);
  EXPECT_EQ(waiting.also_wait, 200U);
  for (const auto& entry : waiting.entries) {
    EXPECT_THAT(entry.waits_for, HasSubstr("ready marker"));
    unlisted.erase(entry.name);
  }
  const std::string next = *unlisted.begin();
  put(inbox(next + ".ok"), "");
  scan();
  clock.advance(61s);
  const auto entries = scan();
  ASSERT_EQ(std::ranges::count_if(entries, &ports::InboxEntry::ready), 1);
  EXPECT_TRUE(std::ranges::find(entries, next, &ports::InboxEntry::name)->ready);
}

TEST_F(SpoolArrival, AMarkerAloneIsNoFile) {
  settings.ready_suffix = ".ok";
  open();
  put_whole("a.csv.ok");
  EXPECT_THAT(scan(), IsEmpty());
}

TEST_F(SpoolArrival, ReloadedSettingsCountFromTheNextScan) {
  open();
  put(inbox("a.csv"));
  scan();
  clock.advance(3s);
  settings.settle = 10s;
  spool->reload(settings);
  EXPECT_FALSE(only().ready);
}

TEST_F(SpoolArrival, AFileThatCannotBeReadWaitsWithWords) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to be somebody else";
  open();
  put_whole("a.csv");
  ASSERT_EQ(::chmod(inbox("a.csv").c_str(), 0000), 0);
  ASSERT_EQ(::chmod(base.c_str(), 0777), 0);
  for (const auto* folder : {"", "inbox", "outbox", "state"})
    ASSERT_EQ(::chown((root / folder).c_str(), 65534, 65534), 0);
  ASSERT_EQ(::seteuid(65534), 0);
  const auto unreadable = only();
  ASSERT_EQ(::seteuid(0), 0);
  EXPECT_FALSE(unreadable.ready);
  EXPECT_THAT(unreadable.waits_for, HasSubstr("chmod g+r"));
}

TEST_F(SpoolArrival, AnotherUsersFileWithoutCapLeaseNeedsTwoLooksTenSecondsApart) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to be somebody else";
  open();
  put_whole("a.csv");
  ASSERT_EQ(::chmod(inbox("a.csv").c_str(), 0664), 0);
  ASSERT_EQ(::chmod(base.c_str(), 0777), 0);
  for (const auto* folder : {"", "inbox", "outbox", "state"})
    ASSERT_EQ(::chown((root / folder).c_str(), 65534, 65534), 0);
  ASSERT_EQ(::seteuid(65534), 0);
  const auto first = only();
  clock.advance(9s);
  const auto early = only();
  clock.advance(1100ms);
  const auto second = only();
  ASSERT_EQ(::seteuid(0), 0);
  EXPECT_THAT(first.waits_for, HasSubstr("CAP_LEASE"));
  EXPECT_FALSE(early.ready);
  EXPECT_TRUE(second.ready) << second.waits_for;
}

TEST_F(SpoolArrival, TenThousandFilesAreScannedInAMoment) {
  open();
  for (int i = 0; i < 10'000; ++i) ASSERT_GE(::close(::creat(inbox("f" + std::to_string(i)).c_str(), 0660)), 0);
  const auto timed_scan = [&](const char* what) {
    const auto began = std::clock();  // of all our threads, so that a busy machine doesn't count
    auto entries = scan();
    const auto took = (std::clock() - began) * 1000 / CLOCKS_PER_SEC;
    std::printf("10,000 files, %s: %ld ms\n", what, static_cast<long>(took));
    EXPECT_LT(took, 2000);  // generous: sanitizers
    return entries;
  };
  EXPECT_EQ(timed_scan("waiting").size(), 10'000U);
  clock.advance(61s);
  EXPECT_EQ(std::ranges::count(timed_scan("ready"), true, &ports::InboxEntry::ready), 10'000);
}

}  // namespace
}  // namespace sluice::adapters::spool
