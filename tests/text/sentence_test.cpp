#include "sluice/text/sentence.hpp"

#include <gtest/gtest.h>

namespace sluice::text {
namespace {

constexpr Sentence<2> kSent{"{0} {0:order|orders} of {1}", "{1} 的 {0} 个订单"};
constexpr Sentence<1> kWhy{"why: {0}", "原因：{0}"};
constexpr JobId kJob{.day = 20240115, .n = 3};

TEST(Sentence, IsBothLanguagesUntilItIsShown) {
  const auto words = kSent(3, kJob);
  EXPECT_EQ(in(Lang::en, words), "3 orders of 20240115-3");
  EXPECT_EQ(in(Lang::zh, words), "20240115-3 的 3 个订单");
}

TEST(Sentence, ANounFollowsItsNumber) {
  EXPECT_EQ(in(Lang::en, kSent(1, kJob)), "1 order of 20240115-3");
  EXPECT_EQ(in(Lang::en, kSent(0, kJob)), "0 orders of 20240115-3");
}

TEST(Sentence, AnArgumentSpeaksTheLanguageOfTheWhole) {
  const auto words = "a: " + kWhy(kSent(2, "x")) + "; b";
  EXPECT_EQ(in(Lang::en, words), "a: why: 2 orders of x; b");
  EXPECT_EQ(in(Lang::zh, words), "a: 原因：x 的 2 个订单; b");
}

TEST(Sentence, AnArgumentIsNeverReadForPlaces) {
  EXPECT_EQ(in(Lang::en, kWhy("{0} {9:a|b} {")), "why: {0} {9:a|b} {");
}

TEST(Sentence, WhatIsNoPairIsShownAsItIs) {
  EXPECT_EQ(in(Lang::zh, "plain"), "plain");
  EXPECT_EQ(in(Lang::zh, "cut \x1c off"), "cut  off");
  EXPECT_EQ(in(Lang::en,
               "cut \x1c off\x1d"
               "here"),
            "cut  off");
}

TEST(Sentence, SizesAreRoundedToWhatPeopleCompare) {
  EXPECT_EQ(in(Lang::en, size_words(1)), "1 byte");
  EXPECT_EQ(in(Lang::zh, size_words(1023)), "1023 字节");
  EXPECT_EQ(size_words(67'112'146), "64 MiB");
  EXPECT_EQ(size_words(1536), "1.5 KiB");
  EXPECT_EQ(size_words(5ULL << 40), "5 TiB");
}

TEST(Sentence, DurationsHaveTheirTwoLargestUnits) {
  using namespace std::chrono_literals;
  EXPECT_EQ(in(Lang::en, duration_words(0s)), "0 s");
  EXPECT_EQ(in(Lang::en, duration_words(200s)), "3 min 20 s");
  EXPECT_EQ(in(Lang::zh, duration_words(200s)), "3 分 20 秒");
  EXPECT_EQ(in(Lang::en, duration_words(2h + 5s)), "2 h");
  EXPECT_EQ(in(Lang::en, duration_words(25h)), "1 d 1 h");
}

TEST(Sentence, ChineseReadersSeeTheirOwnClock) {
  const WallTime t{std::chrono::sys_days{std::chrono::year{2024} / 1 / 15} + std::chrono::hours(20)};
  EXPECT_EQ(in(Lang::en, time_words(t)), "2024-01-15 20:00:00 UTC");
  EXPECT_EQ(in(Lang::zh, time_words(t)), "2024-01-16 04:00:00（UTC+8）");
  EXPECT_EQ(in(Lang::zh, clock_words(t)), "04:00:00（UTC+8）");
}

}  // namespace
}  // namespace sluice::text
