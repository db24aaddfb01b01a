#include "sluice/orders/dates.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "orders/sample.hpp"

namespace sluice::orders {
namespace {

using namespace std::chrono;

/// What a text reads as: the canonical form, or the fault's name.
std::string read(std::string_view text) {
  const auto date = read_date(text);
  if (date) return date->wire();
  constexpr std::array<std::string_view, 5> kFaults = {"unreadable", "serial", "month name", "no such day", "time"};
  return std::string(kFaults[static_cast<std::size_t>(date.error())]);
}

struct Case {
  std::string_view text;
  std::string_view reads;
};

class ReadDate : public testing::TestWithParam<Case> {};
TEST_P(ReadDate, GivesTheCanonicalFormOrSaysWhyNot) {
  EXPECT_EQ(read(GetParam().text), GetParam().reads);
}

INSTANTIATE_TEST_SUITE_P(Forms, ReadDate,
                         testing::ValuesIn(std::vector<Case>{
                             {"2024-02", "2024-02"},
                             {"2024-2", "2024-02"},
                             {"2024/2", "2024-02"},
                             {"2024年2月", "2024-02"},
                             {"2024年02月份", "2024-02"},
                             {"2024 年 2 月", "2024-02"},
                             {"2024-02-01", "2024-02-01"},
                             {"2024-2-1", "2024-02-01"},
                             {"2023-11-5", "2023-11-05"},
                             {"2024/2/1", "2024-02-01"},
                             {"2024年2月1日", "2024-02-01"},
                             {"2024年12月31号", "2024-12-31"},
                             {"2024-02-01 00:00:00", "2024-02-01"},
                             {"2024-02-01T00:00:00", "2024-02-01"},
                             {"2024/2/1 0:00", "2024-02-01"},
                             {"2024-02-01 00:00:00.000", "2024-02-01"},
                             {"2024-02-01 23:59:59", "2024-02-01"},
                             {"2024/2/1 23:59", "2024-02-01"},
                             {"2024-02-01T23:59:59.997", "2024-02-01"},
                             {"2027年6⽉", "2027-06"},
                             {"2024年2⽉1⽇", "2024-02-01"},
                             {"2024-02-29", "2024-02-29"},
                             {"2000-02-29", "2000-02-29"},
                         }));
INSTANTIATE_TEST_SUITE_P(Faults, ReadDate,
                         testing::ValuesIn(std::vector<Case>{
                             {"", "unreadable"},
                             {"soon", "unreadable"},
                             {"24-02-01", "unreadable"},
                             {"2024", "unreadable"},
                             {"20240201", "unreadable"},
                             {"2024-", "unreadable"},
                             {"2024-02-", "unreadable"},
                             {"2024-02/01", "unreadable"},
                             {"2024.2.1", "unreadable"},
                             {"2/1/2024", "unreadable"},
                             {"2024-02-011", "unreadable"},
                             {"2024-02-01x", "unreadable"},
                             {"2024-02 00:00:00", "unreadable"},
                             {"2024年2月1", "unreadable"},
                             {"12024-02-01", "unreadable"},
                             {"-2024-02-01", "unreadable"},
                             {"2023-02-29", "no such day"},
                             {"1900-02-29", "no such day"},
                             {"2024-04-31", "no such day"},
                             {"2024-13", "no such day"},
                             {"2024-00", "no such day"},
                             {"2024-02-00", "no such day"},
                             {"2024年2月30日", "no such day"},
                             {"45323", "serial"},
                             {"45323.0", "serial"},
                             {"45323.5", "serial"},
                             {"Feb-24", "month name"},
                             {"24-Feb", "month name"},
                             {"1-Feb-2024", "month name"},
                             {"February 2024", "month name"},
                             {"Sun Feb 04 2024", "month name"},
                             {"2024-02-01 12:30", "time"},
                             {"2024-02-01 00:00:01", "time"},
                             {"2024-02-01T00:00:00Z", "time"},
                             {"2024-02-01T00:00:00+08:00", "time"},
                         }));

TEST(ReadDateOverARange, TakesEveryDayOfTheCalendarInEveryFormAndNoOther) {
  for (int y : {1999, 2000, 2023, 2024, 2100}) {
    for (unsigned m = 0; m <= 13; ++m) {
      for (unsigned d = 0; d <= 32; ++d) {
        const auto canonical = fmt::format("{:04}-{:02}-{:02}", y, m, d);
        const bool real = year_month_day{year{y}, month{m}, day{d}}.ok();
        const std::string expected = real ? canonical : "no such day";
        EXPECT_EQ(read(canonical), expected);
        EXPECT_EQ(read(fmt::format("{}/{}/{}", y, m, d)), expected);
        EXPECT_EQ(read(fmt::format("{}年{}月{}日", y, m, d)), expected);
      }
    }
  }
}

TEST(DayOfSerial, CountsAsSpreadsheetsDo) {
  EXPECT_EQ(to_string(day_of_serial("45323").value()), "2024-02-01");
  EXPECT_EQ(to_string(day_of_serial("18264").value()), "1950-01-01");
  EXPECT_EQ(to_string(day_of_serial("109574").value()), "2199-12-31");
  EXPECT_FALSE(day_of_serial("18263"));
  EXPECT_FALSE(day_of_serial("109575"));
  EXPECT_FALSE(day_of_serial("202402"));
  EXPECT_FALSE(day_of_serial("45323."));
}

TEST(LastDay, OfAMonthIsItsLast) {
  EXPECT_EQ(read_date("2024-02")->last_day(), sys_days{2024y / 2 / 29});
  EXPECT_EQ(read_date("2023-02")->last_day(), sys_days{2023y / 2 / 28});
  EXPECT_EQ(read_date("2024-02-03")->last_day(), sys_days{2024y / 2 / 3});
}

TEST(ActivationDay, IsTomorrowBeforeSeventeenAndTheDayAfterLater) {
  EXPECT_EQ(activation_day(at(2024, 1, 15, 0, 0, 0)), 2024y / 1 / 16);
  EXPECT_EQ(activation_day(at(2024, 1, 15, 16, 58, 59)), 2024y / 1 / 16);
  EXPECT_EQ(activation_day(at(2024, 1, 15, 17, 0, 1)), 2024y / 1 / 17);
  EXPECT_EQ(activation_day(at(2024, 1, 15, 23, 59, 59)), 2024y / 1 / 17);
  EXPECT_EQ(activation_day(at(2024, 2, 28, 23)), 2024y / 3 / 1);
  EXPECT_EQ(activation_day(at(2023, 12, 31, 1)), 2024y / 1 / 1);
}

TEST(ActivationDeadline, IsWhenTheActivationDayTurns) {
  for (const auto now : {at(2024, 1, 15, 0, 0, 0), at(2024, 1, 15, 16, 58, 59), at(2024, 1, 15, 16, 59, 0),
                         at(2024, 1, 15, 23, 59, 59)}) {
    const auto deadline = activation_deadline(now);
    EXPECT_EQ(activation_day(deadline - 1ms), activation_day(now));
    EXPECT_NE(activation_day(deadline), activation_day(now));
  }
}

TEST(ActivationDay, IsTheLaterOneWithinAMinuteOfSeventeen) {
  EXPECT_EQ(activation_day(at(2024, 1, 15, 16, 59, 0) - 1ms), 2024y / 1 / 16);
  EXPECT_EQ(activation_day(at(2024, 1, 15, 16, 59, 0)), 2024y / 1 / 17);
  EXPECT_EQ(activation_day(at(2024, 1, 15, 17, 0, 0)), 2024y / 1 / 17);
}

}  // namespace
}  // namespace sluice::orders
