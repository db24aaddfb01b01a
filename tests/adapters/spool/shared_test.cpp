// A spool that several hosts work at once.
#include <gmock/gmock.h>

#include <thread>

#include "adapters/spool/fixture.hpp"
#include "sluice/adapters/spool/lock.hpp"
#include "sluice/adapters/spool/uploads.hpp"

namespace sluice::adapters::spool {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr JobId kOther{20240118, 8};

class SharedSpool : public SpoolTest {
 protected:
  std::unique_ptr<PosixSpool> host(const std::string& name) {
    auto opened = try_open(name);
    EXPECT_TRUE(opened) << opened.error().words;
    return std::move(*opened);
  }
  std::unique_ptr<ports::Candidate> candidate_of(PosixSpool& from) {
    value(from.scan());
    clock.advance(61s);
    const auto entries = value(from.scan()).entries;
    EXPECT_EQ(entries.size(), 1U);
    return value(from.open(entries.front()));
  }
  ErrorKind refusal(const std::string& name) {
    const auto opened = try_open(name);
    EXPECT_FALSE(opened);
    return opened ? ErrorKind::cancelled : opened.error().kind;
  }
};

TEST_F(SharedSpool, IsWorkedByHostsOfDifferentNamesAndByNobodyAlone) {
  auto a = host("a");
  const auto b = host("b");
  EXPECT_EQ(refusal("a"), ErrorKind::busy);
  EXPECT_EQ(refusal(""), ErrorKind::busy) << "two of them would take each other's claims for left-overs";
  EXPECT_TRUE(Lock::held_elsewhere(root.string(), "a"));
  a.reset();
  EXPECT_FALSE(Lock::held_elsewhere(root.string(), "a"));
  EXPECT_TRUE(Lock::held_elsewhere(root.string()));
  host("a");
}

TEST_F(SharedSpool, IsNotWorkedBesideOneThatWorksItAlone) {
  open();
  EXPECT_EQ(refusal("a"), ErrorKind::busy);
}

TEST_F(SharedSpool, OfTwoThatTakeOneFileOneGetsItAndTheOtherFindsItGone) {
  const auto a = host("a");
  const auto b = host("b");
  put_whole("orders.csv");
  const auto first = candidate_of(*a);
  const auto second = candidate_of(*b);
  value(second->take(kOther));
  EXPECT_EQ(kind(first->take(kJob)), ErrorKind::missing);
  EXPECT_FALSE(value(a->claim_completed(kJob, "orders.csv", first->identity())));
  EXPECT_TRUE(std::filesystem::exists(state("20240118-8.claimed")));
  EXPECT_THAT(names_in(inbox()), IsEmpty());
}

TEST_F(SharedSpool, OfTwoThatCopyOneFileOneGetsItToo) {
  settings.hard_links = config::HardLinks::copy;
  const auto a = host("a");
  const auto b = host("b");
  put_whole("orders.csv");
  std::filesystem::create_hard_link(inbox("orders.csv"), base / "another-name");
  const auto first = candidate_of(*a);
  const auto second = candidate_of(*b);
  value(second->take(kOther));
  EXPECT_EQ(kind(first->take(kJob)), ErrorKind::changed) << "it lost a name when the other took it";
  EXPECT_FALSE(std::filesystem::exists(state("20240118-7.claimed")));
  EXPECT_TRUE(std::filesystem::exists(state("20240118-8.claimed")));
}

TEST_F(SharedSpool, AFileIsTheSameUnderWhateverDeviceNumberAHostHasMountedIt) {
  const auto a = host("a");
  put_whole("orders.csv");
  const auto file = candidate_of(*a);
  EXPECT_EQ(file->identity().device, 0U);
  value(file->take(kJob));
  const auto claimed = value(value(a->read(kJob))->identity());
  EXPECT_EQ(claimed.device, 0U);
  EXPECT_EQ(claimed.inode, file->identity().inode);
}

TEST_F(SharedSpool, HostsThatBeginAtOnceAgreeOnOneSecret) {
  std::filesystem::create_directories(root);
  std::filesystem::permissions(root, std::filesystem::perms(0750));
  std::vector<std::unique_ptr<PosixSpool>> opened(8);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < opened.size(); ++i)
      threads.emplace_back([&, i] { opened[i] = host("host-" + std::to_string(i)); });
  }
  for (const auto& one : opened) EXPECT_EQ(one->secret(), opened.front()->secret());
  EXPECT_THAT(names_in(inbox()), IsEmpty()) << "what each tried there is its own, and gone";
}

TEST_F(SharedSpool, ALockTellsWhetherItsHolderWorksThisVeryFolder) {
  auto a = host("a");
  const auto sight = [&](const std::string& name) { return Lock::look_at(root.string(), name); };
  EXPECT_EQ(sight("a"), Lock::Sight::held);
  EXPECT_EQ(sight("b"), Lock::Sight::missing);
  put(state("lock.a"), "1 4711\n");
  EXPECT_EQ(sight("a"), Lock::Sight::other_number);
  a.reset();
  EXPECT_EQ(sight("a"), Lock::Sight::free);
}

TEST_F(SharedSpool, AHostSweepsAwayTheUploadsThatItLeftAndNobodyElses) {
  const auto a = host("a");
  for (const auto* name : {".upload.a.1f", ".upload.b.1f", ".upload.a.b.1f", "orders.csv"}) put(inbox(name));
  Uploads((root / "inbox").string(), "a").sweep();
  EXPECT_THAT(names_in(inbox()), ElementsAre(".upload.a.b.1f", ".upload.b.1f", "orders.csv"));
  Uploads((root / "inbox").string()).sweep();
  EXPECT_THAT(names_in(inbox()), ElementsAre("orders.csv"));
}

}  // namespace
}  // namespace sluice::adapters::spool
