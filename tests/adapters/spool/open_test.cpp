#include <gmock/gmock.h>
#include <sys/mount.h>

#include "adapters/refusing_kernel.hpp"
#include "adapters/spool/fixture.hpp"
#include "sluice/adapters/spool/lock.hpp"

namespace sluice::adapters::spool {
namespace {

using SpoolOpen = SpoolTest;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(SpoolOpen, MakesTheFoldersWithTheirModesWhateverTheUmaskSays) {
  const mode_t before = ::umask(0077);
  open();
  ::umask(before);
  for (const auto* folder : {"inbox", "outbox", "archive", "rejected"})
    EXPECT_EQ(mode_of(root / folder), 02770U) << folder;
  EXPECT_EQ(mode_of(state()), 0700U);
  for (const auto* folder : {"inbox", "outbox", "archive", "rejected"}) EXPECT_THAT(names_in(root / folder), IsEmpty());
}

TEST_F(SpoolOpen, LeavesTheModesOfFoldersThatAreThereButClosesState) {
  for (const auto* folder : {"inbox", "state"}) {
    std::filesystem::create_directories(root / folder);
    ASSERT_EQ(::chmod((root / folder).c_str(), 0755), 0);
  }
  open();
  EXPECT_EQ(mode_of(inbox()), 0755U);
  EXPECT_EQ(mode_of(state()), 0700U);
}

TEST_F(SpoolOpen, WhereOthersMayWriteToRootOrStateNothingStarts) {
  std::filesystem::create_directories(state());
  for (const auto& folder : {root, state()}) {
    for (const mode_t mode : {0770, 0707}) {
      SCOPED_TRACE(folder);
      ASSERT_EQ(::chmod(folder.c_str(), mode), 0);
      const auto opened = try_open();
      ASSERT_FALSE(opened);
      EXPECT_EQ(opened.error().kind, ErrorKind::config);
      EXPECT_THAT(opened.error().words, HasSubstr(folder == root ? "chmod 2750 " + root.string() : "chmod 0700 "));
      EXPECT_FALSE(Lock::take(root.string()));
      ASSERT_EQ(::chmod(folder.c_str(), 0700), 0);
    }
  }
  open();
}

TEST_F(SpoolOpen, WhereRootOrStateIsAnothersNothingStarts) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  std::filesystem::create_directories(state());
  for (const auto& folder : {root, state()}) {
    ASSERT_EQ(::chown(folder.c_str(), 4711, 0), 0);
    const auto opened = try_open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, ErrorKind::config);
    EXPECT_THAT(opened.error().words, HasSubstr("4711"));
    ASSERT_EQ(::chown(folder.c_str(), 0, 0), 0);
  }
  open();
}

TEST_F(SpoolOpen, ADiskMountedOverItLaterIsNoticed) {
  open();
  put_whole("a.csv");
  if (::mount("none", root.c_str(), "tmpfs", 0, "size=1m") != 0) GTEST_SKIP() << "needs the right to mount";
  const auto hidden = kind(spool->scan());
  ::umount(root.c_str());
  EXPECT_EQ(hidden, ErrorKind::changed);
  EXPECT_THAT(words, HasSubstr("mounted over it"));
  EXPECT_EQ(scan().size(), 1U);
}

TEST_F(SpoolOpen, ASecondProcessIsTurnedAwayAndToldWhoHasIt) {
  open();
  const auto second = try_open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::busy);
  EXPECT_THAT(second.error().words, HasSubstr("(pid " + std::to_string(::getpid()) + ")"));
  const auto lock = Lock::take(root.string());
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().kind, ErrorKind::busy);
  EXPECT_TRUE(Lock::held_elsewhere(root.string()));
}

TEST_F(SpoolOpen, TheLockIsFreeOnceItsHolderIsGone) {
  EXPECT_FALSE(Lock::held_elsewhere(root.string())) << "nor does asking make anything";
  EXPECT_FALSE(std::filesystem::exists(root));
  open();
  spool.reset();
  EXPECT_FALSE(Lock::held_elsewhere(root.string()));
  {
    const auto lock = Lock::take(root.string());
    EXPECT_TRUE(lock);
    EXPECT_FALSE(try_open());
  }
  EXPECT_TRUE(try_open());
}

TEST_F(SpoolOpen, TheLockAloneMakesTheFolders) {
  EXPECT_TRUE(Lock::take(root.string()));
  EXPECT_EQ(mode_of(inbox()), 02770U);
}

TEST_F(SpoolOpen, WhoOnlyLooksMakesNothingAndNeedsNoLock) {
  auto looking = PosixSpool::open_to_look(root.string(), settings, clock, io.get_executor());
  ASSERT_FALSE(looking);
  EXPECT_EQ(looking.error().kind, ErrorKind::config);
  EXPECT_FALSE(std::filesystem::exists(root));
  open();
  put_whole("a.csv");
  looking = PosixSpool::open_to_look(root.string(), settings, clock, io.get_executor());
  ASSERT_TRUE(looking) << looking.error().words;
  EXPECT_EQ(value((*looking)->scan()).entries.size(), 1U);
}

TEST_F(SpoolOpen, AFolderThatIsALinkOrAFileIsRefused) {
  std::filesystem::create_directories(root);
  std::filesystem::create_directories(base / "elsewhere");
  std::filesystem::create_symlink(base / "elsewhere", root / "archive");
  auto opened = try_open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::config);
  EXPECT_THAT(opened.error().words, HasSubstr("archive"));
  std::filesystem::remove(root / "archive");
  put(root / "archive");
  opened = try_open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::config);
}

TEST_F(SpoolOpen, WithoutAPlaceForItTheSpoolIsRefused) {
  root = base / "no" / "such" / "folder";
  const auto opened = try_open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::config);
  EXPECT_THAT(opened.error().words, HasSubstr(root.string()));
}

TEST_F(SpoolOpen, AcrossTwoFileSystemsItIsRefusedWithWords) {
  open();
  spool.reset();
  if (::mount("none", outbox().c_str(), "tmpfs", 0, "size=1m") != 0) GTEST_SKIP() << "needs the right to mount";
  const auto opened = try_open();
  ::umount(outbox().c_str());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::config);
  EXPECT_THAT(opened.error().words, HasSubstr("two file systems"));
  EXPECT_THAT(opened.error().words, HasSubstr("outbox"));
}

TEST_F(SpoolOpen, LeftoversOfACrashWhileTryingAreNoHindrance) {
  open();
  spool.reset();
  for (const auto* folder : {"inbox", "state", "outbox"}) put(root / folder / ".sluice-probe");
  open();
  EXPECT_THAT(names_in(outbox()), IsEmpty());
}

TEST_F(SpoolOpen, WhereRenamingCantBeToldNotToReplaceLinksDoIt) {
  const bool refused = with_refusals({{SYS_renameat2, EINVAL}}, [&] {
    open();
    put_whole("a.csv", "uid\n1\n");
    claim(kJob);
    value(value(spool->create(kJob, ports::OutputKind::results))->finish());
    put(outbox("a.20240118-7.results.csv"), "somebody's");
    EXPECT_EQ(kind(spool->publish(kJob, "a.csv")), ErrorKind::exists);
    std::filesystem::remove(outbox("a.20240118-7.results.csv"));
    // A crash between link and unlink:
    std::filesystem::create_hard_link(state("20240118-7.results.tmp"), outbox("a.20240118-7.results.csv"));
    value(spool->publish(kJob, "a.csv"));
    EXPECT_FALSE(std::filesystem::exists(state("20240118-7.results.tmp")));
    value(spool->archive(kJob, "a.csv"));
    EXPECT_EQ(bytes_of(root / "archive" / "a.20240118-7.csv"), "uid\n1\n");
    put_whole("b.csv");
    put(state("20240118-8.claimed"), "earlier");
    EXPECT_EQ(kind(candidate()->take({20240118, 8})), ErrorKind::exists);
  });
  if (!refused) GTEST_SKIP() << "needs seccomp";
}

TEST_F(SpoolOpen, WhereNeitherIsPossibleItIsRefused) {
  const bool refused = with_refusals({{SYS_renameat2, EINVAL}, {SYS_linkat, EPERM}}, [&] {
    const auto opened = try_open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, ErrorKind::config);
    EXPECT_THAT(opened.error().words, HasSubstr("hard links"));
  });
  if (!refused) GTEST_SKIP() << "needs seccomp";
}

}  // namespace
}  // namespace sluice::adapters::spool
