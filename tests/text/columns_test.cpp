#include "sluice/text/columns.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::text {
namespace {

using testing::ElementsAre;

TEST(Columns, AWideCharacterTakesTwoACombiningOneAndAColourNone) {
  EXPECT_EQ(columns(""), 0U);
  EXPECT_EQ(columns("abc"), 3U);
  EXPECT_EQ(columns("暂停：a"), 7U);
  EXPECT_EQ(columns("e\u0301"), 1U);
  EXPECT_EQ(columns("█░"), 2U);
  EXPECT_EQ(columns("\x1b[32m█\x1b[0m"), 1U);
  EXPECT_EQ(columns("\xff"), 1U);
}

TEST(Wrap, ALineThatFitsStaysAsItIs) {
  EXPECT_THAT(wrap("", 10), ElementsAre(""));
  EXPECT_THAT(wrap("0123456789", 10), ElementsAre("0123456789"));
  EXPECT_THAT(wrap("暂停暂停暂", 10), ElementsAre("暂停暂停暂"));
}

TEST(Wrap, ALineIsBrokenAtBlanksAndGoesOnIndented) {
  EXPECT_THAT(wrap("    HELD: look at row three", 16), ElementsAre("    HELD: look", "      at row", "      three"));
}

TEST(Wrap, WhatHasNoBlanksIsBrokenWhereTheTerminalEnds) {
  EXPECT_THAT(wrap("aa bbbbbbbbbbbbbb", 10), ElementsAre("aa", "  bbbbbbbb", "  bbbbbb"));
  EXPECT_THAT(wrap("一二三四五六", 7), ElementsAre("一二三", "  四五", "  六"));
}

TEST(Wrap, NoLineIsWiderThanTheTerminalWhateverItsWidth) {
  const std::string line = "    HELD: 前 3 个订单 e\u0301 were \x1b[32m██\x1b[0m refused: `sluice cancel 20250131-7`";
  for (std::size_t most = 2; most < 80; ++most) {
    std::string joined;
    for (const auto& part : wrap(line, most)) {
      EXPECT_LE(columns(part), most) << part;
      for (const char c : part) {
        if (c != ' ') joined += c;
      }
    }
    std::string whole = line;
    std::erase(whole, ' ');
    EXPECT_EQ(joined, whole) << most;
  }
}

}  // namespace
}  // namespace sluice::text
