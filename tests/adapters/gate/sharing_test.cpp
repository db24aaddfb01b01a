// One gate file and several who use it: living, killed, and one that holds its lock.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "adapters/gate/fixture.hpp"
#include "posix/fd.hpp"
#include "sluice/adapters/clock/system_clock.hpp"

namespace sluice::adapters::gate {
namespace {

using testing::HasSubstr;

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

}  // namespace
}  // namespace sluice::adapters::gate
