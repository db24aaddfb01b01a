#include <gtest/gtest.h>

#include "app/logging.hpp"

namespace sluice::app {
namespace {

using config::LogFormat;
using config::LogLevel;

const WallTime kAt{Millis{1'738'331'999'042}};

TEST(LogLine, TellsPeopleTheTimeAndTheLevel) {
  EXPECT_EQ(log_line({}, LogLevel::warn, kAt, "20250131-7 is held: look"),
            "2025-01-31T13:59:59.042Z warn  20250131-7 is held: look\n");
}

TEST(LogLine, TellsTheJournalThePriorityInsteadOfTheTime) {
  const LogStyle journal{.journal = true};
  EXPECT_EQ(log_line(journal, LogLevel::error, kAt, "x"), "<3>x\n");
  EXPECT_EQ(log_line(journal, LogLevel::warn, kAt, "x"), "<4>x\n");
  EXPECT_EQ(log_line(journal, LogLevel::info, kAt, "x"), "<6>x\n");
  EXPECT_EQ(log_line(journal, LogLevel::debug, kAt, "x"), "<7>x\n");
  EXPECT_EQ(log_line(journal, LogLevel::trace, kAt, "x"), "<7>x\n");
}

TEST(LogLine, IsOneJsonObjectForCollectors) {
  EXPECT_EQ(log_line({.format = LogFormat::json}, LogLevel::info, kAt, "a \"b\" \\ 中"),
            "{\"time\":\"2025-01-31T13:59:59.042Z\",\"level\":\"info\",\"message\":\"a \\\"b\\\" \\\\ 中\"}\n");
  EXPECT_EQ(log_line({.format = LogFormat::json, .journal = true}, LogLevel::info, kAt, "x").substr(0, 4), "<6>{");
}

TEST(LogLine, StaysOneLineWhateverTheMessageCarries) {
  for (const LogFormat format : {LogFormat::text, LogFormat::json}) {
    for (const bool journal : {false, true}) {
      const std::string line = log_line({format, journal}, LogLevel::info, kAt, "a\n<0>b\r\x1b[2J\x80");
      EXPECT_EQ(line.find('\n'), line.size() - 1) << line;
      EXPECT_EQ(line.find_first_of("\r\x1b\x80"), std::string::npos) << line;
      EXPECT_NE(line.find("a; <0>b"), std::string::npos) << line;
    }
  }
}

TEST(LogLine, IsCutWhereItIsAbsurdlyLong) {
  EXPECT_LT(log_line({}, LogLevel::info, kAt, std::string(1'000'000, 'x')).size(), 8'100U);
}

}  // namespace
}  // namespace sluice::app
