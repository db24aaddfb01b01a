#include "sluice/text/about.hpp"

#include <gtest/gtest.h>

namespace sluice::text {
namespace {

constexpr JobId kJob{20'250'131, 7};

TEST(About, AMessageSaysWhatItIsAbout) {
  const auto message = about(kJob, "3f2a-1", "no whole answer");
  const auto parts = parts_of(message);
  EXPECT_EQ(parts.job, "20250131-7");
  EXPECT_EQ(parts.request, "3f2a-1");
  EXPECT_EQ(parts.words, "no whole answer");
}

TEST(About, AMessageOfAJobNamesNoRequest) {
  const auto message = about(kJob, "20250131-7 is held");
  const auto parts = parts_of(message);
  EXPECT_EQ(parts.job, "20250131-7");
  EXPECT_EQ(parts.request, "");
  EXPECT_EQ(parts.words, "20250131-7 is held");
}

TEST(About, IdsAmongTheWordsAreNotTakenForWhatItIsAbout) {
  for (const std::string_view message : {"20250131-7 is held",
                                         "x\x1f"
                                         "20250131-7\x1fy\x1fz",
                                         ""}) {
    const auto parts = parts_of(message);
    EXPECT_EQ(parts.job, "");
    EXPECT_EQ(parts.request, "");
    EXPECT_EQ(parts.words, message);
  }
}

}  // namespace
}  // namespace sluice::text
