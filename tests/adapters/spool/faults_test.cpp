#include <gmock/gmock.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include "adapters/refusing_kernel.hpp"
#include "adapters/spool/fixture.hpp"

namespace sluice::adapters::spool {
namespace {

using ports::OutputKind;
using SpoolFaults = SpoolTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A small file system of its own under a folder, for the life of this.
class SmallDisk {
 public:
  SmallDisk(const std::filesystem::path& at, const char* options) : at_(at) {
    std::filesystem::create_directories(at);
    const auto all = std::string("mode=0755,") + options;
    mounted_ = ::mount("none", at.c_str(), "tmpfs", 0, all.c_str()) == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(at_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  explicit operator bool() const { return mounted_; }
  void remount(unsigned long flags) { EXPECT_EQ(::mount("none", at_.c_str(), "tmpfs", MS_REMOUNT | flags, ""), 0); }

 private:
  std::filesystem::path at_;
  bool mounted_;
};

TEST_F(SpoolFaults, AFullDiskIsSaidAndWorkGoesOnWhenThereIsRoom) {
  const SmallDisk disk(root, "size=1m");
  if (!disk) GTEST_SKIP() << "needs the right to mount";
  open();
  const auto output = value(spool->create(kJob, OutputKind::results));
  put(root / "ballast", std::string(512 * 1024, 'b'));
  const std::string bytes(700 * 1024, 'x');
  EXPECT_EQ(kind(output->append(bytes)), ErrorKind::no_space);
  EXPECT_THAT(words, HasSubstr("make room"));
  EXPECT_EQ(value(spool->free_bytes()), 0U);
  std::filesystem::remove(root / "ballast");
  EXPECT_GT(value(spool->free_bytes()), 100'000U);
  value(output->finish());
  value(spool->publish(kJob, "a.csv"));
  EXPECT_EQ(bytes_of(outbox("a.20240118-7.results.csv")), bytes);
  spool.reset();
}

TEST_F(SpoolFaults, ACopyThatFindsNoRoomLeavesTheInboxAsItWas) {
  const SmallDisk disk(root, "size=1m");
  if (!disk) GTEST_SKIP() << "needs the right to mount";
  settings.hard_links = config::HardLinks::copy;
  open();
  put(root / "kept", std::string(600 * 1024, 'k'));
  std::filesystem::create_hard_link(root / "kept", inbox("a.csv"));
  EXPECT_EQ(kind(candidate()->take(kJob)), ErrorKind::no_space);
  EXPECT_THAT(names_in(inbox()), ElementsAre("a.csv"));
  EXPECT_THAT(value(spool->remains()), IsEmpty());
  spool.reset();
}

TEST_F(SpoolFaults, WithoutInodesThereIsNoRoom) {
  const SmallDisk disk(root, "nr_inodes=40");
  if (!disk) GTEST_SKIP() << "needs the right to mount";
  open();
  EXPECT_GT(value(spool->free_bytes()), 0U);
  for (int i = 0; i < 20; ++i) put(inbox("." + std::to_string(i)));
  EXPECT_EQ(kind(spool->free_bytes()), ErrorKind::no_space) << "a few are not enough for a job";
  EXPECT_THAT(words, HasSubstr("inodes"));
  for (int i = 20; i < 40; ++i) put(inbox("." + std::to_string(i)));
  EXPECT_EQ(kind(value(spool->create(kJob, OutputKind::results))->finish()), ErrorKind::no_space);
  spool.reset();
}

TEST_F(SpoolFaults, AReadOnlyFileSystemIsSaidAndOverWhenItIsWritableAgain) {
  SmallDisk disk(root, "size=1m");
  if (!disk) GTEST_SKIP() << "needs the right to mount";
  open();
  // Without the lock, whose file is open for writing and keeps the disk writable.
  spool = std::move(*PosixSpool::open_to_look(root.string(), settings, clock, io.get_executor()));
  put(inbox("a.csv"));
  const auto file = candidate();
  disk.remount(MS_RDONLY);
  EXPECT_EQ(kind(file->take(kJob)), ErrorKind::permission);
  EXPECT_THAT(words, HasSubstr("read-only"));
  EXPECT_EQ(scan().size(), 1U);
  disk.remount(0);
  value(value(spool->open(only()))->take(kJob));
  EXPECT_THAT(names_in(inbox()), IsEmpty());
  spool.reset();
}

TEST_F(SpoolFaults, WithoutHandlesAScanFailsAndTheNextOneDoesNot) {
  open();
  put_whole("a.csv");
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{.rlim_cur = 3, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const auto starved = run(spool->scan());
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_FALSE(starved);
  EXPECT_EQ(starved.error().kind, ErrorKind::no_handles);
  EXPECT_THAT(starved.error().words, HasSubstr("LimitNOFILE"));
  EXPECT_EQ(scan().size(), 1U);
}

TEST_F(SpoolFaults, AFolderWeMayNotWriteIsSaidAndTheFileStays) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to be somebody else";
  open();
  const auto output = value(spool->create(kJob, OutputKind::results));
  value(output->finish());
  ASSERT_EQ(::chmod(base.c_str(), 0777), 0);
  for (const auto* folder : {"", "state"}) ASSERT_EQ(::chown((root / folder).c_str(), 65534, 65534), 0);
  ASSERT_EQ(::chmod(outbox().c_str(), 0755), 0);
  ASSERT_EQ(::seteuid(65534), 0);
  const auto refused = run(spool->publish(kJob, "a.csv"));
  ASSERT_EQ(::seteuid(0), 0);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::permission);
  EXPECT_THAT(refused.error().words, HasSubstr("ls -l"));
  value(spool->publish(kJob, "a.csv"));
}

TEST_F(SpoolFaults, ADiskThatCantSyncGivesTheFileBack) {
  open();  // its folders and its secret are there already
  spool.reset();
  const bool refused = with_refusals({{SYS_fsync, EIO}}, [&] {
    open();
    put_whole("a.csv");
    EXPECT_EQ(kind(candidate()->take(kJob)), ErrorKind::io);
    EXPECT_THAT(names_in(inbox()), ElementsAre("a.csv"));
    const auto output = value(spool->create(kJob, OutputKind::results));
    EXPECT_EQ(kind(output->finish()), ErrorKind::io);
    EXPECT_THAT(words, HasSubstr("written anew"));
  });
  if (!refused) GTEST_SKIP() << "needs seccomp";
}

TEST_F(SpoolFaults, WithoutLeasesTwoLooksDecide) {
  const bool refused = with_refusals({{SYS_fcntl, EINVAL, F_SETLEASE}}, [&] {
    open();
    put_whole("a.csv");
    EXPECT_FALSE(only().ready);
    clock.advance(9s);
    EXPECT_FALSE(only().ready);
    Writer(inbox("a.csv")).write("2\n");
    clock.advance(2s);
    EXPECT_FALSE(only().ready) << "the looks don't agree";
    clock.advance(10100ms);
    EXPECT_TRUE(only().ready);
    value(value(spool->open(only()))->take(kJob));
  });
  if (!refused) GTEST_SKIP() << "needs seccomp";
}

TEST_F(SpoolFaults, OutOfInotifysInstancesScansGoOnTheLimitIsNamedAndOneIsAskedForAgain) {
  const bool refused = with_refusals({{SYS_inotify_init1, EMFILE}}, [&] {
    open();
    EXPECT_THAT(spool->hints_trouble(), HasSubstr("fs.inotify.max_user_instances"));
    put_whole("a.csv");
    EXPECT_TRUE(rested().ready);
  });
  if (!refused) GTEST_SKIP() << "needs seccomp";
  boost::asio::co_spawn(io, spool->wait_for_change(clock.now()), [](std::exception_ptr) {});
  io.restart();
  io.run();
  EXPECT_EQ(spool->hints_trouble(), "") << "somebody gave one back";
}

TEST_F(SpoolFaults, OutOfInotifysWatchesThatLimitIsNamed) {
  const bool refused = with_refusals({{SYS_inotify_add_watch, ENOSPC}}, [&] {
    open();
    EXPECT_THAT(spool->hints_trouble(), HasSubstr("fs.inotify.max_user_watches"));
  });
  if (!refused) GTEST_SKIP() << "needs seccomp";
}

TEST_F(SpoolFaults, WithoutCopyingInTheKernelBytesAreCopiedByHand) {
  const bool refused = with_refusals({{SYS_copy_file_range, EXDEV}, {SYS_ioctl, EOPNOTSUPP}}, [&] {
    settings.hard_links = config::HardLinks::copy;
    open();
    const std::string bytes(3'000'000, 'k');
    put(base / "kept", bytes);
    std::filesystem::create_hard_link(base / "kept", inbox("a.csv"));
    claim(kJob);
    EXPECT_EQ(bytes_of(state("20240118-7.claimed")), bytes);
  });
  if (!refused) GTEST_SKIP() << "needs seccomp";
}

TEST_F(SpoolFaults, WithoutSymbolicLinksOnlyTheDroppedNameIsUntold) {
  const bool refused = with_refusals({{SYS_symlinkat, EPERM}}, [&] {
    open();
    put_whole("a.csv");
    claim(kJob);
    EXPECT_EQ(value(spool->remains()).at(0).dropped_name, std::nullopt);
  });
  if (!refused) GTEST_SKIP() << "needs seccomp";
}

}  // namespace
}  // namespace sluice::adapters::spool
