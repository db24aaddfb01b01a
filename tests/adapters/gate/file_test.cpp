#include "sluice/adapters/gate/file.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <vector>

#include "adapters/posix/locks.hpp"
#include "adapters/set_clock.hpp"
#include "adapters/temp_folder.hpp"
#include "sluice/adapters/clock/system_clock.hpp"

namespace sluice::adapters::gate {
namespace {

using namespace std::chrono_literals;
using pacing::GateState;
using pacing::Take;
using testing::HasSubstr;
using Store = std::unique_ptr<ports::GateStore>;

constexpr pacing::Rate kTen{10, 1s};

class GateFile : public testing::Test {
 protected:
  TempFolder folder_;
  SetClock clock_;
  std::string path_ = folder_ / "gate";

  Result<Store> open(pacing::Rate rate = kTen, mode_t mode = 0600) {
    return open_file({.path = path_, .rate = rate, .mode = mode}, clock_);
  }
  GateState state_of(ports::GateStore& store) {
    GateState seen;
    EXPECT_TRUE(store.update([&](GateState& state, std::uint32_t) { seen = state; }));
    return seen;
  }
  Take take(ports::GateStore& store) {
    Take taken;
    const auto change = [&](GateState& s, std::uint32_t me) { taken = pacing::take(s, clock_.time, 1, me); };
    EXPECT_TRUE(store.update(change));
    return taken;
  }
  static std::uint32_t open_slots(const GateState& state) {
    std::uint32_t open = 0;
    for (const auto& group : state.groups)
      for (const auto of_one : group.open) open += of_one;
    return open;
  }
  void overwrite(std::streamoff at, const std::string& bytes) {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(at);
    file << bytes;
  }
  std::string content() {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
};

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

TEST_F(GateFile, ALockThatWasFreeInBetweenIsNotHeldForGood) {
  const Store gate = open().value();
  const posix::Fd other(::open(path_.c_str(), O_RDWR | O_CLOEXEC));
  const auto set = [&](short type) {
    struct flock lock{};
    lock.l_type = type;
    lock.l_len = 8192;
    return ::fcntl(other.get(), F_OFD_SETLK, &lock) == 0;
  };
  const auto update = [&] { return gate->update([](GateState&, std::uint32_t) {}); };
  ASSERT_TRUE(set(F_WRLCK));
  EXPECT_EQ(update().error().kind, ErrorKind::busy);
  clock_.time += 1999ms;
  ASSERT_TRUE(set(F_UNLCK));
  EXPECT_TRUE(update());
  ASSERT_TRUE(set(F_WRLCK));
  clock_.time += 1s;
  EXPECT_EQ(update().error().kind, ErrorKind::busy);
}

TEST_F(GateFile, ALockHeldForTwoSecondsIsSaidWithItsHoldersPid) {
  const Store gate = open().value();
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t holder = ::fork();
  if (holder == 0) {
    const int fd = ::open(path_.c_str(), O_RDWR);
    struct flock lock{};
    lock.l_type = F_WRLCK;
    lock.l_len = 8192;
    const char ok = ::fcntl(fd, F_OFD_SETLK, &lock) == 0 ? 'y' : 'n';
    [[maybe_unused]] const auto told = ::write(ready[1], &ok, 1);
    ::pause();
    ::_exit(0);
  }
  char ok = 0;
  ASSERT_EQ(::read(ready[0], &ok, 1), 1);
  ASSERT_EQ(ok, 'y');
  const auto update = [&] { return gate->update([](GateState&, std::uint32_t) {}); };
  EXPECT_EQ(update().error().kind, ErrorKind::busy);
  clock_.time += 1999ms;
  EXPECT_EQ(update().error().kind, ErrorKind::busy);
  clock_.time += 1ms;
  const auto stuck = update();
  EXPECT_EQ(stuck.error().kind, ErrorKind::io);
  EXPECT_THAT(stuck.error().words, HasSubstr("process " + std::to_string(holder)));
  ::kill(holder, SIGKILL);
  ::waitpid(holder, nullptr, 0);
  EXPECT_TRUE(update());
  ::close(ready[0]);
  ::close(ready[1]);
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

TEST_F(GateFile, TwoProcessesShareOnePace) {
  const Store one = open().value(), two = open().value();
  clock_.time += 2s;
  EXPECT_EQ(take(*one).slots, 1U);
  EXPECT_EQ(take(*two).slots, 0U);
  clock_.time += 101ms;
  EXPECT_EQ(take(*two).slots, 1U);
}

TEST_F(GateFile, ParticipantsHaveNumbersOfTheirOwnAndSixteenAreTheMost) {
  std::vector<Store> gates;
  std::vector<std::uint32_t> numbers;
  for (std::size_t i = 0; i < pacing::kMaxParticipants; ++i) {
    gates.push_back(open().value());
    ASSERT_TRUE(gates.back()->update([&](GateState&, std::uint32_t me) { numbers.push_back(me); }));
  }
  std::ranges::sort(numbers);
  EXPECT_TRUE(std::ranges::adjacent_find(numbers) == numbers.end());
  const auto refused = open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::config);
  gates.pop_back();
  EXPECT_TRUE(open());
}

TEST_F(GateFile, OpenSlotsOfTheLivingStayOpen) {
  const Store one = open().value(), two = open().value();
  clock_.time += 2s;
  ASSERT_EQ(take(*one).slots, 1U);
  clock_.time += 1s;
  EXPECT_EQ(open_slots(state_of(*two)), 1U);
}

TEST_F(GateFile, OpenSlotsOfAProcessKilledAreAnchoredWhenTheOthersNotice) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const Store survivor = open().value();
  clock_.time += 2s;
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const Store doomed = open().value();
    const char took = take(*doomed).slots == 1 ? 'y' : 'n';
    if (::write(ready[1], &took, 1) == 1) ::pause();
    ::_exit(1);
  }
  char took = 0;
  ASSERT_EQ(::read(ready[0], &took, 1), 1);
  ASSERT_EQ(took, 'y');
  ASSERT_EQ(open_slots(state_of(*survivor)), 1U);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  clock_.time += 100ms;
  const GateState state = state_of(*survivor);
  EXPECT_EQ(open_slots(state), 0U);
  EXPECT_TRUE(std::ranges::any_of(
      state.groups, [&](const pacing::Group& g) { return g.anchor == clock_.time + pacing::kUnknownArrival; }));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_F(GateFile, WhoTakesADeadProcessesNumberDoesNotTakeItsSlotsForItsOwn) {
  {
    const Store doomed = open().value();
    clock_.time += 2s;
    ASSERT_EQ(take(*doomed).slots, 1U);
  }
  EXPECT_EQ(open_slots(state_of(*open().value())), 0U);
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

TEST_F(GateFile, ADifferentRateIsRefusedWhileAnotherLivesByIt) {
  const Store theirs = open({5, 1s}).value();
  const auto ours = open();
  ASSERT_FALSE(ours);
  EXPECT_EQ(ours.error().kind, ErrorKind::config);
  EXPECT_THAT(ours.error().words, HasSubstr("5 requests per 1000 ms"));
  EXPECT_THAT(ours.error().words, HasSubstr("10 requests per 1000 ms"));
  EXPECT_EQ(state_of(*theirs).rate.requests, 5U);
}

TEST_F(GateFile, ADifferentRateOfTheDeadIsReplacedButItsThrottlingIsKept) {
  {
    const Store theirs = open({5, 1s}).value();
    ASSERT_TRUE(theirs->update(
        [&](GateState& state, std::uint32_t) { pacing::throttled(state, clock_.time, clock_.time, 1h); }));
  }
  const GateState state = state_of(*open().value());
  EXPECT_EQ(state.rate, kTen);
  EXPECT_GE(state.closed_until, clock_.time + 1h);
  EXPECT_GT(state.widening, 1.0);
}

TEST_F(GateFile, SaysBusyWhileAnotherProcessHasTheLockThisMoment) {
  const Store gate = open().value();
  const int fd = ::open(path_.c_str(), O_RDWR | O_CLOEXEC);
  struct flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_len = 1;
  ASSERT_EQ(::fcntl(fd, F_OFD_SETLK, &lock), 0);
  bool called = false;
  const auto during = gate->update([&](GateState&, std::uint32_t) { called = true; });
  ASSERT_FALSE(during);
  EXPECT_EQ(during.error().kind, ErrorKind::busy);
  EXPECT_FALSE(called);
  ::close(fd);
  EXPECT_TRUE(gate->update([](GateState&, std::uint32_t) {}));
}

TEST_F(GateFile, AFileRemovedWhileInUseIsMadeAgainAndSharedAgain) {
  const Store gate = open().value();
  clock_.time += 2s;
  ASSERT_EQ(take(*gate).slots, 1U);
  std::filesystem::remove(path_);
  const Store newcomer = open().value();
  clock_.time += 2s;
  ASSERT_EQ(take(*newcomer).slots, 1U);
  EXPECT_EQ(take(*gate).slots, 0U);  // not a pace of its own on a file that nobody else sees
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

TEST_F(GateFile, ConcurrentProcessesNeverStartCloserThanTheGap) {
  constexpr int kProcesses = 3, kEach = 40;
  const pacing::Rate fast{900, 1s};  // a gap of 1.12 ms: one slot at a time
  int results[2];
  ASSERT_EQ(::pipe(results), 0);
  for (int i = 0; i < kProcesses; ++i) {
    if (::fork() != 0) continue;
    ::alarm(300);  // whatever is wrong, it ends, and the parent sees too few
    struct RealTime : ports::Clock {
      Boottime now() const override { return clock::boottime_now(); }
      WallTime wall() const override { return {}; }
      std::uint64_t random() override { return 4; }
      std::unique_ptr<Timer> timer() override { return nullptr; }
    } real;
    Result<Store> gate = open_file({.path = path_, .rate = fast}, real);
    while (!gate) gate = open_file({.path = path_, .rate = fast}, real);  // a lock's holder may not run for seconds
    for (int slots = 0; slots < kEach;) {
      Take taken;
      const auto change = [&](GateState& state, std::uint32_t me) {
        taken = pacing::take(state, real.now(), 1, me);
        if (taken.slots) pacing::settle(state, taken.slot, taken.slot.start);
      };
      if (!(*gate)->update(change) || taken.slots == 0) continue;
      ++slots;
      if (::write(results[1], &taken.slot.start, sizeof(Boottime)) < 0) ::_exit(1);
    }
    ::_exit(0);
  }
  ::close(results[1]);
  std::vector<Boottime> starts;
  for (Boottime start; ::read(results[0], &start, sizeof start) == sizeof start;) starts.push_back(start);
  for (int i = 0; i < kProcesses; ++i) ::wait(nullptr);
  ::close(results[0]);
  ASSERT_EQ(starts.size(), static_cast<std::size_t>(kProcesses * kEach));
  std::ranges::sort(starts);
  for (std::size_t i = 1; i < starts.size(); ++i) ASSERT_GE(starts[i] - starts[i - 1], 1.12ms) << i;
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
