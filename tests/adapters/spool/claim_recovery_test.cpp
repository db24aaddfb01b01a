#include <gmock/gmock.h>

#include "adapters/spool/fixture.hpp"

namespace sluice::adapters::spool {
namespace {

using SpoolClaimRecovery = SpoolTest;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(SpoolClaimRecovery, AClaimThatNeverReachedStateIsNone) {
  open();
  put_whole("a.csv");
  const auto source = rested().identity;
  put(state("20240118-7.copy.tmp"), "half a co");
  EXPECT_FALSE(value(spool->claim_completed(kJob, "a.csv", source)));
  EXPECT_THAT(names_in(inbox()), ElementsAre("a.csv"));
  EXPECT_THAT(value(spool->remains()), IsEmpty());
}

TEST_F(SpoolClaimRecovery, ARenamedFileIsAClaim) {
  open();
  put_whole("a.csv");
  const auto source = rested().identity;
  std::filesystem::rename(inbox("a.csv"), state("20240118-7.claimed"));
  EXPECT_TRUE(value(spool->claim_completed(kJob, "a.csv", source)));
}

TEST_F(SpoolClaimRecovery, ACopysOriginalLeavesTheInbox) {
  settings.hard_links = config::HardLinks::copy;
  open();
  put(base / "kept");
  std::filesystem::create_hard_link(base / "kept", inbox("a.csv"));
  const auto source = rested().identity;
  put(state("20240118-7.claimed"));
  EXPECT_TRUE(value(spool->claim_completed(kJob, "a.csv", source)));
  EXPECT_THAT(names_in(inbox()), IsEmpty());
  EXPECT_EQ(bytes_of(base / "kept"), "uid\n1\n");
}

TEST_F(SpoolClaimRecovery, AnotherFileOfThatNameStays) {
  open();
  put_whole("a.csv");
  const auto source = rested().identity;
  std::filesystem::rename(inbox("a.csv"), state("20240118-7.claimed"));
  put_whole("a.csv", "a new one");
  EXPECT_TRUE(value(spool->claim_completed(kJob, "a.csv", source)));
  EXPECT_EQ(bytes_of(inbox("a.csv")), "a new one");
}

TEST_F(SpoolClaimRecovery, TheMarkerOfANewFileOfThatNameStays) {
  settings.ready_suffix = ".ok";
  open();
  put_whole("a.csv");
  put(inbox("a.csv.ok"), "");
  const auto source = rested().identity;
  std::filesystem::rename(inbox("a.csv"), state("20240118-7.claimed"));
  put_whole("a.csv", "a new one");
  EXPECT_TRUE(value(spool->claim_completed(kJob, "a.csv", source)));
  EXPECT_TRUE(std::filesystem::exists(inbox("a.csv.ok"))) << "it is the new file's";
  std::filesystem::remove(inbox("a.csv"));
  EXPECT_TRUE(value(spool->claim_completed(kJob, "a.csv", source)));
  EXPECT_FALSE(std::filesystem::exists(inbox("a.csv.ok"))) << "it would wave the next file of that name through";
}

TEST_F(SpoolClaimRecovery, AnOriginalOnItsWayOutIsRemovedOrGivenBack) {
  settings.hard_links = config::HardLinks::copy;
  open();
  put(base / "kept");
  std::filesystem::create_hard_link(base / "kept", inbox("a.csv"));
  const auto source = rested().identity;
  put(state("20240118-7.claimed"));
  std::filesystem::rename(inbox("a.csv"), state("20240118-7.original"));
  EXPECT_TRUE(value(spool->claim_completed(kJob, "a.csv", source)));
  EXPECT_THAT(names_in(inbox()), IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(state("20240118-7.original")));

  put(state("20240118-7.original"), "somebody else's");
  EXPECT_TRUE(value(spool->claim_completed(kJob, "a.csv", source)));
  EXPECT_EQ(bytes_of(inbox("a.csv")), "somebody else's");
}

TEST_F(SpoolClaimRecovery, AnOriginalWhoseCopyIsGoneIsGivenBack) {
  open();
  put(state("20240118-7.original"), "written meanwhile");
  EXPECT_FALSE(value(spool->claim_completed(kJob, "a.csv", {})));
  EXPECT_EQ(bytes_of(inbox("a.csv")), "written meanwhile");
  EXPECT_FALSE(std::filesystem::exists(state("20240118-7.original")));
}

TEST_F(SpoolClaimRecovery, AMarkerWhoseFileIsClaimedGoes) {
  settings.ready_suffix = ".ok";
  open();
  put_whole("a.csv");
  put(inbox("a.csv.ok"), "");
  const auto source = rested().identity;
  std::filesystem::rename(inbox("a.csv"), state("20240118-7.claimed"));
  EXPECT_TRUE(value(spool->claim_completed(kJob, "a.csv", source)));
  EXPECT_THAT(names_in(inbox()), IsEmpty());
}

}  // namespace
}  // namespace sluice::adapters::spool
