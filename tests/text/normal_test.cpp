#include "sluice/text/normal.hpp"

#include <gtest/gtest.h>

#include "sluice/text/encoding.hpp"

namespace sluice::text {
namespace {

TEST(Normal, NfkcFoldsFullWidthAndLeavesTheRest) {
  EXPECT_EQ(nfkc("１７８７２３０８"), "17872308");
  EXPECT_EQ(nfkc("ＧＤ　粤"), "GD 粤");
  EXPECT_EQ(nfkc("ﬁ①"), "fi1");
  EXPECT_EQ(nfkc("联通 Unicom"), "联通 Unicom");
  EXPECT_EQ(nfkc("e\u0301"), "é");
  EXPECT_EQ(nfkc("中\u0301"), "中\u0301");
  EXPECT_EQ(nfkc("\u2F00"), "一") << "a radical is folded into its ideograph";
}

TEST(Normal, WhatIsPassedByUnchangedIsUnchangedInTheLibraryToo) {
  for (char32_t c = 1; c <= 0x9FFF; c = c == 0x7F ? 0x4000 : c + 1) {
    std::string text = "中";
    append_utf8(c, text);
    text += "Á";  // outside of the fast path, so that the library sees it all
    EXPECT_EQ(nfkc(text), text) << std::hex << static_cast<unsigned>(c);
  }
}

TEST(Normal, WhatIsNoUtf8ComesBackAsItIs) {
  EXPECT_EQ(nfkc("a\xFF１"), "a\xFF１");
  EXPECT_EQ(nfkc("\xE8\x81"), "\xE8\x81");
  EXPECT_EQ(trim(" \xFF "), "\xFF");
  EXPECT_EQ(match_key("A\xFF B"),
            "a\xFF"
            "b");
}

TEST(Normal, TrimKnowsTheWideSpaces) {
  EXPECT_EQ(trim("\u3000\u00A0\u200B\uFEFF 联 通\t\r\n\u2060\u202C"), "联 通");
  EXPECT_EQ(trim("　"), "");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(trim("x"), "x");
}

TEST(Normal, MatchKeyIsWhatNamesAreComparedBy) {
  EXPECT_EQ(match_key(" Douyin_ID "), "douyinid");
  EXPECT_EQ(match_key("ｄｏｕｙｉｎ－ＩＤ"), "douyinid");
  EXPECT_EQ(match_key("\uFEFF用户 ID"), "用户id");
  EXPECT_EQ(match_key("China Unicom"), "chinaunicom");
}

TEST(Normal, CountsCodePoints) {
  EXPECT_EQ(code_points("联通😀a"), 4U);
}

}  // namespace
}  // namespace sluice::text
