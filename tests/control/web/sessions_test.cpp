#include "web/sessions.hpp"

#include <gtest/gtest.h>

#include <set>

namespace sluice::control::web {
namespace {

using namespace std::chrono_literals;

constexpr Boottime kNow{1h};

Account ana() {
  return {.name = "ana", .user = 1000, .groups = {}};
}

TEST(Sessions, ALinkSignsInOnce) {
  Sessions sessions;
  const auto link = sessions.new_link(ana(), kNow);
  const auto cookie = sessions.sign_in(link, kNow);
  ASSERT_TRUE(cookie);
  EXPECT_EQ(sessions.find(*cookie, kNow)->account.name, "ana");
  EXPECT_FALSE(sessions.sign_in(link, kNow));
  EXPECT_FALSE(sessions.sign_in(*cookie, kNow)) << "a cookie is no link";
  EXPECT_EQ(sessions.find(link, kNow), nullptr) << "and a link no cookie";
}

TEST(Sessions, ALinkIsOverAfterFiveMinutes) {
  Sessions sessions;
  const auto late = sessions.new_link(ana(), kNow);
  EXPECT_FALSE(sessions.sign_in(late, kNow + Sessions::kLinkLives));
  const auto in_time = sessions.new_link(ana(), kNow);
  EXPECT_TRUE(sessions.sign_in(in_time, kNow + Sessions::kLinkLives - 1ms));
}

TEST(Sessions, ASessionEndsAfterTwelveHoursAndWhenItIsSignedOut) {
  Sessions sessions;
  const auto one = sessions.sign_in(sessions.new_link(ana(), kNow), kNow).value();
  const auto other = sessions.sign_in(sessions.new_link(ana(), kNow), kNow).value();
  sessions.sign_out(one);
  EXPECT_EQ(sessions.find(one, kNow), nullptr);
  EXPECT_NE(sessions.find(other, kNow + Sessions::kLives - 1ms), nullptr);
  EXPECT_EQ(sessions.find(other, kNow + Sessions::kLives), nullptr);
}

TEST(Sessions, OneUsersLinksAndSessionsCrowdNobodyElsesOut) {
  Sessions sessions;
  const auto others =
      sessions.sign_in(sessions.new_link({.name = "bo", .user = 1001, .groups = {}}, kNow), kNow).value();
  const auto first = sessions.sign_in(sessions.new_link(ana(), kNow), kNow).value();
  for (std::size_t i = 0; i < Sessions::kOfOne; ++i) sessions.sign_in(sessions.new_link(ana(), kNow), kNow);
  EXPECT_EQ(sessions.find(first, kNow), nullptr) << "her own oldest went";
  EXPECT_NE(sessions.find(others, kNow), nullptr);
  const auto oldest = sessions.new_link(ana(), kNow);
  for (std::size_t i = 0; i < Sessions::kLinksOfOne; ++i) sessions.new_link(ana(), kNow);
  EXPECT_FALSE(sessions.sign_in(oldest, kNow));
}

TEST(Sessions, TokensAreTwoHundredFiftySixBitsAndNoTwoTheSame) {
  std::set<std::string> tokens;
  for (int i = 0; i < 100; ++i) tokens.insert(new_token());
  EXPECT_EQ(tokens.size(), 100);
  EXPECT_EQ(tokens.begin()->size(), 64);
}

TEST(Sessions, AChangeTokenTellsNothingOfItsCookie) {
  EXPECT_NE(change_token("a"), change_token("b"));
  EXPECT_EQ(change_token("a"), change_token("a"));
  EXPECT_FALSE(change_token("cookie").contains("cookie"));
}

}  // namespace
}  // namespace sluice::control::web
