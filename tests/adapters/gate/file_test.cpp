#include "sluice/adapters/gate/file.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>
#include <vector>

#include "adapters/gate/fixture.hpp"
#include "adapters/posix/locks.hpp"

namespace sluice::adapters::gate {
namespace {

using testing::HasSubstr;

TEST_F(GateFile, ANewOneWaitsOneWindowBecauseItsPastIsUnknown) {
  const Store gate = open().value();
  EXPECT_EQ(take(*gate).slots, 0U);
  EXPECT_GE(state_of(*gate).closed_until, clock_.time + 1s);
  clock_.time += 2s;
  EXPECT_EQ(take(*gate).slots, 1U);
}

TEST_F(GateFile, SomebodysFileIsLeftAsItIs) {
  for (const std::string& bytes : {std::string("uid,source\n1,x\n"), std::string("SQLite format 3\0", 16),
                                   std::string("Bearer secret"), std::string(20'000, 'x')}) {
    std::ofstream(path_, std::ios::binary) << bytes;
    const auto refused = open();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::config);
    EXPECT_THAT(refused.error().words, HasSubstr("no gate file"));
    EXPECT_FALSE(judge_file(path_));
    EXPECT_EQ(content(), bytes);
  }
}

TEST_F(GateFile, AnEmptyFileOrAGatesBytesArePassed) {
  EXPECT_TRUE(judge_file(path_)) << "none as yet";
  EXPECT_FALSE(std::ifstream(path_).is_open()) << "nor is one made by judging";
  std::ofstream(path_).close();
  EXPECT_TRUE(judge_file(path_));
  EXPECT_TRUE(open());
  EXPECT_TRUE(judge_file(path_));
  overwrite(100, "\x7f");
  EXPECT_TRUE(judge_file(path_)) << "damaged, but its own";
  std::ofstream(path_) << std::string(8192, '\0');
  EXPECT_TRUE(open()) << "torn by a power cut";
}

TEST_F(GateFile, OneThatOthersCouldSetThePaceThroughIsRefused) {
  ASSERT_TRUE(open());
  ASSERT_EQ(::chmod(path_.c_str(), 0662), 0);
  const auto writable = open();
  ASSERT_FALSE(writable);
  EXPECT_EQ(writable.error().kind, ErrorKind::config);
  EXPECT_THAT(writable.error().words, HasSubstr("chmod o-w"));
  ASSERT_EQ(::chmod(path_.c_str(), 0660), 0);
  EXPECT_TRUE(open());
  if (::geteuid() != 0) return;
  ASSERT_EQ(::chown(path_.c_str(), 4711, 0), 0);
  const auto anothers = open();
  ASSERT_FALSE(anothers);
  EXPECT_EQ(anothers.error().kind, ErrorKind::config);
  EXPECT_THAT(anothers.error().words, HasSubstr("4711"));
}

TEST_F(GateFile, HasTheModeItIsGivenWhateverTheUmask) {
  const mode_t before = ::umask(0077);
  for (const mode_t mode : {0600, 0660}) {
    const Store gate = open(kTen, mode).value();
    struct stat about{};
    ASSERT_EQ(::stat(path_.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 07777, mode);
    std::filesystem::remove(path_);
  }
  ::umask(before);
}

TEST_F(GateFile, ARestartGoesOnWhereTheLastProcessStopped) {
  GateState before;
  {
    const Store gate = open().value();
    clock_.time += 2s;
    ASSERT_EQ(take(*gate).slots, 1U);
    before = state_of(*gate);
  }
  const GateState after = state_of(*open().value());
  EXPECT_EQ(after.next_start, before.next_start);
  EXPECT_EQ(after.newest, before.newest);
  EXPECT_EQ(take(*open().value()).slots, 0U);  // the gap still counts
}

TEST_F(GateFile, AFlippedBitATornWriteOrAnotherBootBeginsAnewAndWaitsOneWindow) {
  const auto damages = std::vector<std::function<void()>>{
      [&] { overwrite(100, "\x7f"); },
      [&] { overwrite(0, content().substr(0, 4096).replace(200, 1, "x")); },
      [&] { std::filesystem::resize_file(path_, 3000); },
      [&] { std::filesystem::resize_file(path_, 0); },
      [&] { overwrite(0, pacing::to_bytes(pacing::fresh(kTen, "another boot", clock_.time, false))); },
  };
  for (std::size_t i = 0; i < damages.size(); ++i) {
    SCOPED_TRACE(i);
    const Store gate = open().value();
    clock_.time += 10s;
    ASSERT_LT(state_of(*gate).closed_until, clock_.time);
    damages[i]();
    EXPECT_GE(state_of(*gate).closed_until, clock_.time + 1s);
    EXPECT_EQ(content().size(), pacing::kGateBytes);
  }
}

TEST_F(GateFile, ALongerFileIsNeverCut) {
  {
    const auto gate = pacing::to_bytes(pacing::fresh(kTen, "another boot", clock_.time, false));
    std::ofstream(path_, std::ios::binary) << gate << std::string(20'000 - gate.size(), 'x');
  }
  const Store gate = open().value();
  EXPECT_EQ(content().size(), 20'000U);
}

TEST_F(GateFile, WhereNobodyTellsOneBootFromAnotherItIsRefusedAndNothingIsChanged) {
  ASSERT_TRUE(open());
  const auto before = content();
  const auto refused = open_file({.path = path_, .rate = kTen, .boot_id = ""}, clock_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::config);
  EXPECT_THAT(refused.error().words, HasSubstr("SLUICE_BOOT_ID=%b"));
  EXPECT_EQ(content(), before);
}

TEST_F(GateFile, WhatIsNoRegularFileOrNotThereIsRefusedWithWords) {
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  EXPECT_THAT(open().error().words, HasSubstr("no regular file"));
  path_ = folder_ / "no-such-folder/gate";
  EXPECT_EQ(open().error().kind, ErrorKind::missing);
  EXPECT_THAT(open().error().words, HasSubstr(path_));
}

TEST(NetworkFilesystem, IsToldFromALocalOneByItsType) {
  EXPECT_EQ(posix::network_filesystem(0x6969), "NFS");
  EXPECT_EQ(posix::network_filesystem(static_cast<int>(0xFE534D42)), "SMB2");  // a 32-bit f_type comes negative
  EXPECT_EQ(posix::network_filesystem(0x65735546), "FUSE");
  EXPECT_FALSE(posix::network_filesystem(0xEF53));      // ext4
  EXPECT_FALSE(posix::network_filesystem(0x01021994));  // tmpfs
}

}  // namespace
}  // namespace sluice::adapters::gate
