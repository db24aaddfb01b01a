#include "sluice/text/distance.hpp"

#include <gtest/gtest.h>

namespace sluice::text {
namespace {

TEST(Distance, CountsWhatWasPutInLeftOutOrMistaken) {
  EXPECT_EQ(distance("", ""), 0U);
  EXPECT_EQ(distance("", "abc"), 3U);
  EXPECT_EQ(distance("source", "source"), 0U);
  EXPECT_EQ(distance("sourec", "source"), 2U);
  EXPECT_EQ(distance("isp2", "isp"), 1U);
  EXPECT_EQ(distance("kitten", "sitting"), 3U);
}

TEST(Distance, CountsCharactersNotBytes) {
  EXPECT_EQ(distance("抖音", "抖音号"), 1U);
  EXPECT_EQ(distance("结束日期", "结束时间"), 2U);
  EXPECT_EQ(distance("\x80\xff", "\xff\xff"), 1U) << "no text, and no harm";
}

}  // namespace
}  // namespace sluice::text
