#include "app/terminal.hpp"

#include <gtest/gtest.h>

namespace sluice::app {
namespace {

constexpr auto kEn = text::Lang::en;

TEST(Frame, ReplacesThePictureBeforeLineByLine) {
  EXPECT_EQ(frame("gate\n    HELD: x\n", {.columns = 20, .rows = 5}, kEn),
            "\x1b[Hgate\x1b[K\r\n    HELD: x\x1b[K\x1b[J");
}

TEST(Frame, ALineAsWideAsTheWindowLosesNothing) {
  EXPECT_EQ(frame("暂停12\nx", {.columns = 6, .rows = 5}, kEn), "\x1b[H暂停12\r\nx\x1b[K\x1b[J");
}

TEST(Frame, LongLinesAreWrappedAndWhatFindsNoRoomIsCounted) {
  EXPECT_EQ(frame("one two three four five six\n1\n2\n3\n", {.columns = 16, .rows = 3}, kEn),
            "\x1b[Hone two three\x1b[K\r\n  four five six\x1b[K\r\n(3 more lines)\x1b[K\x1b[J");
  EXPECT_EQ(frame("1\n2\n3", {.columns = 16, .rows = 2}, text::Lang::zh), "\x1b[H1\x1b[K\r\n（还有 2 行）\x1b[K\x1b[J");
}

TEST(Frame, NeverScrollsTheWindow) {
  for (std::size_t rows = 1; rows < 6; ++rows) {
    const auto out = frame("a\nb\nc\nd\ne\n", {.columns = 3, .rows = rows}, kEn);
    EXPECT_LT(static_cast<std::size_t>(std::ranges::count(out, '\n')), rows);
  }
}

}  // namespace
}  // namespace sluice::app
