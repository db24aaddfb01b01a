#include "sluice/base/rfc3339.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(Rfc3339, ReadsWhatItWrote) {
  const WallTime t = std::chrono::sys_days{std::chrono::year{2024} / 2 / 29} + Millis(86'399'042);
  EXPECT_EQ(rfc3339(t), "2024-02-29T23:59:59.042Z");
  EXPECT_EQ(parse_rfc3339(rfc3339(t)), t);
}

TEST(Rfc3339, TakesNoOtherForm) {
  for (const auto* text : {"", "2024-02-29", "2024-02-30T23:59:59.042Z", "2024-02-29T24:00:00.000Z",
                           "2024-02-29t23:59:59.042Z", "2024-02-29T23:59:59.042z", "2024-02-29T23:59:59.042+"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

}  // namespace
}  // namespace sluice
