#include "sandbox/calendar.hpp"

#include <gtest/gtest.h>

namespace sluice::sandbox {
namespace {

WallTime at(std::string_view rfc3339) {
  return parse_instant(rfc3339).value();
}

TEST(Calendar, ActivatesTomorrowBeforeFiveAndTheDayAfterFromFiveOn) {
  EXPECT_EQ(to_text(activation_day(at("2024-01-17T16:59:59+08:00"))), "2024-01-18");
  EXPECT_EQ(to_text(activation_day(at("2024-01-17T17:00:00+08:00"))), "2024-01-19");
  EXPECT_EQ(to_text(activation_day(at("2024-01-17T23:59:59+08:00"))), "2024-01-19");
  EXPECT_EQ(to_text(activation_day(at("2024-01-17T16:30:00Z"))), "2024-01-19");  // 00:30 of the 18th in UTC+8
}

TEST(Calendar, ReadsTheLastDayOfServiceAsAMonthOrADay) {
  EXPECT_EQ(to_text(end_day("2024-02").value()), "2024-02-29");
  EXPECT_EQ(to_text(end_day("2023-02").value()), "2023-02-28");
  EXPECT_EQ(to_text(end_day("2024-02-10").value()), "2024-02-10");
}

TEST(Calendar, RefusesEndMonthsInAnyOtherForm) {
  for (const auto* text : {"", "2024", "2024-2", "2024/02", "2024-13", "2024-00", "2024-02-30", "2024-02-1", "202402",
                           "2024-02-10 ", "45323"}) {
    EXPECT_FALSE(end_day(text)) << text;
  }
}

TEST(Calendar, ReadsExecuteTimesWithoutZeroAsInThePage) {
  EXPECT_EQ(to_text(execute_day("2023-11-5").value()), "2023-11-05");
  EXPECT_EQ(to_text(execute_day("2023-11-05").value()), "2023-11-05");
  EXPECT_FALSE(execute_day("2023-11"));
  EXPECT_FALSE(execute_day("2023-11-31"));
}

TEST(Calendar, ReadsInstantsWithOffsets) {
  EXPECT_EQ(at("2024-01-17T08:00:00Z"), at("2024-01-17T16:00:00+08:00"));
  EXPECT_EQ(at("2024-01-17T08:00:00Z"), at("2024-01-17T04:30:00-03:30"));
  EXPECT_FALSE(parse_instant("2024-01-17"));
  EXPECT_FALSE(parse_instant("2024-01-17T08:00:00"));
}

}  // namespace
}  // namespace sluice::sandbox
