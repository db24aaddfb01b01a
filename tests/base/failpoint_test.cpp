#include "sluice/base/failpoint.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace {

/// Death tests of the threadsafe kind start the binary anew, so that the child reads the environment as a process does.
class Failpoint : public testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
  void TearDown() override { ::unsetenv("SLUICE_FAILPOINT"); }
  static void arm(const char* setting) { ::setenv("SLUICE_FAILPOINT", setting, 1); }
};

void three_steps() {
  for (const char* step : {"1", "2", "3"}) {
    std::fputs(step, stderr);
    SLUICE_FAILPOINT("test.step");
  }
  std::_Exit(0);
}

TEST_F(Failpoint, KillsAtTheHitThatWasAskedFor) {
  arm("test.step:2");
  EXPECT_EXIT(three_steps(), testing::KilledBySignal(SIGKILL), "12$");
}

TEST_F(Failpoint, WithoutANumberMeansTheFirst) {
  arm("test.step");
  EXPECT_EXIT(three_steps(), testing::KilledBySignal(SIGKILL), "1$");
}

TEST_F(Failpoint, LeavesOtherNamesAndUnarmedProcessesAlone) {
  arm("test.ste:1");
  EXPECT_EXIT(three_steps(), testing::ExitedWithCode(0), "123$");
  ::unsetenv("SLUICE_FAILPOINT");
  EXPECT_EXIT(three_steps(), testing::ExitedWithCode(0), "123$");
}

TEST_F(Failpoint, AWrongSettingAbortsWithWords) {
  arm("test.step:soon");
  EXPECT_EXIT(three_steps(), testing::KilledBySignal(SIGABRT), "NAME:N");
}

}  // namespace
