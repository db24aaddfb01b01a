// Small files rebuilt from public reports of people who import such files: which values are sent as they stand, which
// are not, in what words.
#include "surveyed_case.hpp"

namespace sluice::pipeline {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;
using testing::Not;
using testing::Pair;
using testing::SizeIs;
using testing::UnorderedElementsAre;

TEST(OrderCases, Case04WhatStandsForNoValueIsLeftOutOrInvalidAndNeverSentAsAName) {
  const auto read = surveyed_case("04-null-placeholders.csv");
  for (const auto line : {2, 5, 6}) {  // NULL, nan, None as nicknames
    ASSERT_TRUE(read.sent.contains(line)) << line;
    EXPECT_FALSE(read.sent.at(line).contains("nickname")) << line;
  }
  EXPECT_FALSE(read.sent.at(13).contains("province")) << "NULL";
  for (const auto line : {3, 4, 7, 8, 10, 12, 14})  // \N, #N/A, #REF!
    EXPECT_THAT(read.unsent.at(line), HasSubstr("does not have")) << line;
  for (const auto line : {9, 11})  // a Douyin ID is required
    EXPECT_THAT(read.unsent.at(line), HasSubstr("is required")) << line;
}

TEST(OrderCases, Case05aIdsThatJavaScriptRoundedAreInvalid) {
  const auto read = surveyed_case("05a-js-rounded-19.csv");
  EXPECT_THAT(read.sent, IsEmpty());
  EXPECT_THAT(read.unsent, SizeIs(5));
}

TEST(OrderCases, Case05cIdsThatJavaScriptRoundedInJsonAreInvalid) {
  const auto read = surveyed_case("05c-js-rounded-newuid.json");
  EXPECT_THAT(read.sent, IsEmpty());
  EXPECT_THAT(read.unsent, SizeIs(4));
}

TEST(OrderCases, Case06AReplacementCharacterMakesItsRowInvalid) {
  const auto read = surveyed_case("06-replacement-char.csv");
  EXPECT_THAT(read.unsent, UnorderedElementsAre(Pair(2, HasSubstr("lost before it came here")),
                                                Pair(4, HasSubstr("lost before it came here"))));
}

TEST(OrderCases, Case07ABacktickProtectsAValueAndIsNotSent) {
  const auto read = surveyed_case("07-backtick.csv");
  EXPECT_THAT(read.sent.at(2), AllOf(Contains(Pair("uid", "7000000701")), Contains(Pair("douyinId", "dy701")),
                                     Contains(Pair("source", "电信")), Contains(Pair("endMonthTime", "2027-06")),
                                     Contains(Pair("isRenew", "true")), Contains(Pair("nickname", "小红"))));
  EXPECT_THAT(read.sent, SizeIs(2)) << "the totals below are no orders";
}

TEST(OrderCases, Case12RadicalsInHeadersAndTablesAreTheCharactersTheyStandFor) {
  const auto read = surveyed_case("12-radicals.csv");
  EXPECT_THAT(read.rejected, IsEmpty());
  ASSERT_THAT(read.sent, SizeIs(5));
  EXPECT_THAT(read.sent.at(2), Contains(Pair("province", "粤")));
  EXPECT_THAT(read.sent.at(3), Contains(Pair("province", "青")));
  EXPECT_THAT(read.sent.at(4), Contains(Pair("province", "黑")));
  EXPECT_THAT(read.sent.at(5), Contains(Pair("province", "赣")));
  EXPECT_THAT(read.sent.at(6), Contains(Pair("endMonthTime", "2027-06")));
}

TEST(OrderCases, Case16HeadersAreReadUnderTheirDecoration) {
  EXPECT_THAT(surveyed_case("16a-star-headers.csv").sent, SizeIs(1));
  EXPECT_THAT(surveyed_case("16f-header-as-the-advice-writes-it.csv").sent, SizeIs(1));
}

TEST(OrderCases, Case17aTheFirstAndTheLastMomentOfADayAreThatDay) {
  const auto read = surveyed_case("17a-datetimes-and-floats.csv");
  for (const auto line : {2, 6}) EXPECT_THAT(read.sent.at(line), Contains(Pair("endMonthTime", "2027-06-30"))) << line;
  EXPECT_THAT(read.sent.at(7), Contains(Pair("isRenew", "true")));
  EXPECT_THAT(read.sent.at(8), Contains(Pair("isRenew", "false")));
  EXPECT_THAT(read.sent.at(9), Contains(Pair("uid", "7000001708")));
  for (const auto line : {3, 4, 5, 10, 11, 12, 13, 14}) EXPECT_THAT(read.unsent, Contains(Key(line))) << line;
  for (const auto& [line, words] : read.unsent) EXPECT_THAT(words, Not(HasSubstr("YYYY-MM-DD"))) << line;
}

TEST(OrderCases, Case17bMonthsThatBecameDaysAreWarnedOf) {
  const auto read = surveyed_case("17b-excel-made-days-of-months.csv");
  EXPECT_THAT(read.sent, SizeIs(5));
  EXPECT_THAT(read.warnings, Contains(HasSubstr("Every end date in column \"结束月份\" is the 1st of a month")));
}

TEST(OrderCases, Case20aASuperscriptIsNoDigit) {
  const auto read = surveyed_case("20a-superscript-footnote.csv");
  EXPECT_THAT(read.sent, IsEmpty());
  ASSERT_THAT(read.unsent, SizeIs(4));
  for (const auto& [line, words] : read.unsent) EXPECT_THAT(words, HasSubstr("footnote")) << line;
}

}  // namespace
}  // namespace sluice::pipeline
