#include <gmock/gmock.h>

#include "adapters/spool/fixture.hpp"

namespace sluice::adapters::spool {
namespace {

using SpoolSecret = SpoolTest;
using ::testing::HasSubstr;

TEST_F(SpoolSecret, IsMadeOnceAndReadByItsOwnerAlone) {
  open();
  const auto secret = spool->secret();
  EXPECT_EQ(secret.size(), 32U);
  EXPECT_NE(secret, std::string(32, '\0'));
  EXPECT_EQ(mode_of(state() / "secret"), 0600U);
  spool.reset();
  open();
  EXPECT_EQ(spool->secret(), secret);
}

TEST_F(SpoolSecret, EachSpoolHasItsOwn) {
  open();
  const auto secret = spool->secret();
  spool.reset();
  std::filesystem::remove(state() / "secret");
  open();
  EXPECT_NE(spool->secret(), secret);
}

TEST_F(SpoolSecret, WhatIsThereAndIsNoneIsForAPersonToLookAt) {
  open();
  spool.reset();
  for (const std::uintmax_t size : {31, 33}) {
    std::filesystem::resize_file(state() / "secret", size);
    const auto refused = try_open();
    ASSERT_FALSE(refused) << size;
    EXPECT_EQ(refused.error().kind, ErrorKind::config);
    EXPECT_THAT(refused.error().words, HasSubstr("put it back as it was, or remove it"));
  }
}

TEST_F(SpoolSecret, AStartThatWasCutOffLeavesNoHalfOfOne) {
  open();
  spool.reset();
  std::filesystem::rename(state() / "secret", state() / "secret.tmp");
  std::filesystem::resize_file(state() / "secret.tmp", 7);
  open();
  EXPECT_EQ(spool->secret().size(), 32U);
  EXPECT_FALSE(std::filesystem::exists(state() / "secret.tmp"));
}

}  // namespace
}  // namespace sluice::adapters::spool
