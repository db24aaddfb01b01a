#include "sluice/base/shared_text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace sluice {
namespace {

TEST(SharedText, CopiesAreTheSameBytesInTheSamePlace) {
  const SharedText text("longer than a string keeps without an allocation");
  const SharedText copy = text;
  EXPECT_EQ(std::string_view(copy).data(), std::string_view(text).data());
}

TEST(SharedText, OutlivesTheOneItWasCopiedFrom) {
  SharedText text("made once");
  const SharedText copy = text;
  text = "another";
  EXPECT_EQ(copy, "made once");
  EXPECT_EQ(text, "another");
}

TEST(SharedText, IsComparedByWhatItSays) {
  EXPECT_EQ(SharedText("same"), SharedText(std::string("same")));
  EXPECT_NE(SharedText("same"), SharedText("other"));
  EXPECT_EQ(SharedText("same"), std::string("same"));
  EXPECT_NE(SharedText("same"), "same, and more");
}

TEST(SharedText, AnEmptyOneIsLikeNone) {
  EXPECT_TRUE(SharedText().empty());
  EXPECT_EQ(SharedText(std::string()), SharedText());
  EXPECT_EQ(SharedText().size(), 0U);
  EXPECT_EQ(SharedText(), "");
}

}  // namespace
}  // namespace sluice
