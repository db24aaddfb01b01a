#include "sluice/text/shown.hpp"

#include <gtest/gtest.h>

#include "sluice/text/encoding.hpp"
#include "sluice/text/normal.hpp"

namespace sluice::text {
namespace {

TEST(Shown, ControlCharactersAndBrokenBytesAreSpelledOut) {
  EXPECT_EQ(shown("联通\x1B[31m"), "联通\\x1B[31m");
  EXPECT_EQ(shown("a\xFF\n"), "a\\xFF\\x0A");
  EXPECT_EQ(shown("x\u202Ey"), "x\\xE2\\x80\\xAEy") << "turns the direction of reading";
  EXPECT_EQ(shown(std::string_view("\0", 1)), "\\x00");
}

TEST(Shown, IsNeverLongerThanItsLimit) {
  EXPECT_EQ(shown("12345", 5), "12345");
  EXPECT_EQ(shown("123456", 5), "12345…");
  EXPECT_EQ(shown("联通移动", 2), "联通…");
  EXPECT_EQ(shown("abc\x01", 5), "abc…");
  EXPECT_LE(code_points(shown(std::string(100000, '\x01'))), 41U);
  EXPECT_LE(code_points(shown(std::string(100000, '\xFF'), 10)), 11U);
}

TEST(Shown, AsciiOnlyEscapesTheRest) {
  EXPECT_EQ(ascii_only("a联"), "a\\u8054");
  EXPECT_EQ(ascii_only("😀"), "\\uD83D\\uDE00");
  EXPECT_EQ(ascii_only("\xFF"), "\\uFFFD");
}

TEST(Shown, JsonEscapedIsALegalLiteral) {
  EXPECT_EQ(json_escaped("a\"b\\c\n\t\x01联"), "a\\\"b\\\\c\\n\\t\\u0001联");
  EXPECT_EQ(json_escaped("\b\f\r\v"), "\\b\\f\\r\\u000b");
  EXPECT_EQ(json_escaped("a\xC1\xAA"), "a\uFFFD\uFFFD");
  EXPECT_EQ(json_escaped("<b>", "<>"), "\\u003cb\\u003e");
}

}  // namespace
}  // namespace sluice::text
