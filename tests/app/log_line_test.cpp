#include <gtest/gtest.h>

#include <algorithm>

#include "app/logging.hpp"
#include "sluice/text/about.hpp"

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
  const LogStyle journal{.place = LogPlace::journal_stream};
  EXPECT_EQ(log_line(journal, LogLevel::error, kAt, "x"), "<3>x\n");
  EXPECT_EQ(log_line(journal, LogLevel::warn, kAt, "x"), "<4>x\n");
  EXPECT_EQ(log_line(journal, LogLevel::info, kAt, "x"), "<6>x\n");
  EXPECT_EQ(log_line(journal, LogLevel::debug, kAt, "x"), "<7>x\n");
  EXPECT_EQ(log_line(journal, LogLevel::trace, kAt, "x"), "<7>x\n");
}

TEST(LogLine, IsOneJsonObjectForCollectors) {
  EXPECT_EQ(log_line({.format = LogFormat::json}, LogLevel::info, kAt, "a \"b\" \\ 中"),
            "{\"time\":\"2025-01-31T13:59:59.042Z\",\"level\":\"info\",\"message\":\"a \\\"b\\\" \\\\ 中\"}\n");
  EXPECT_EQ(
      log_line({.format = LogFormat::json, .place = LogPlace::journal_stream}, LogLevel::info, kAt, "x").substr(0, 4),
      "<6>{");
}

TEST(LogLine, StaysOneLineWhateverTheMessageCarries) {
  for (const LogFormat format : {LogFormat::text, LogFormat::json}) {
    for (const auto place : {LogPlace::people, LogPlace::journal_stream}) {
      const std::string line = log_line({format, place}, LogLevel::info, kAt, "a\n<0>b\r\x1b[2J\x80");
      EXPECT_EQ(line.find('\n'), line.size() - 1) << line;
      EXPECT_EQ(line.find_first_of("\r\x1b\x80"), std::string::npos) << line;
      EXPECT_NE(line.find("a; <0>b"), std::string::npos) << line;
    }
  }
}

TEST(LogLine, TellsTheJournalJobAndRequestAsFields) {
  const LogStyle journal{.place = LogPlace::journal};
  EXPECT_EQ(log_line(journal, LogLevel::warn, kAt, text::about({20'250'131, 7}, "3f2a-1", "no whole answer")),
            "PRIORITY=4\nSYSLOG_IDENTIFIER=sluice\nSLUICE_JOB=20250131-7\nSLUICE_REQUEST=3f2a-1\n"
            "MESSAGE=no whole answer\n");
  EXPECT_EQ(log_line(journal, LogLevel::info, kAt, text::about({20'250'131, 7}, "is held")),
            "PRIORITY=6\nSYSLOG_IDENTIFIER=sluice\nSLUICE_JOB=20250131-7\nMESSAGE=is held\n");
  EXPECT_EQ(log_line(journal, LogLevel::error, kAt, "x"), "PRIORITY=3\nSYSLOG_IDENTIFIER=sluice\nMESSAGE=x\n");
}

TEST(LogLine, ForgesNoFieldWhateverTheMessageCarries) {
  const auto record = log_line({.place = LogPlace::journal}, LogLevel::info, kAt,
                               text::about({20'250'131, 7}, "x\nSLUICE_JOB=20250131-8\r\x1f_UID=0"));
  EXPECT_EQ(std::ranges::count(record, '\n'), 4) << record;
  EXPECT_EQ(record.find_first_of("\r\x1f"), std::string::npos) << record;
}

TEST(LogLine, TellsCollectorsJobAndRequestAsMembers) {
  EXPECT_EQ(log_line({.format = LogFormat::json}, LogLevel::warn, kAt, text::about({20'250'131, 7}, "3f2a-1", "x")),
            "{\"time\":\"2025-01-31T13:59:59.042Z\",\"level\":\"warn\",\"job\":\"20250131-7\","
            "\"request\":\"3f2a-1\",\"message\":\"x\"}\n");
}

TEST(LogLine, TellsPeopleTheWordsAlone) {
  EXPECT_EQ(log_line({}, LogLevel::warn, kAt, text::about({20'250'131, 7}, "3f2a-1", "x")),
            "2025-01-31T13:59:59.042Z warn  x\n");
}

TEST(LogLine, IsCutWhereItIsAbsurdlyLong) {
  EXPECT_LT(log_line({}, LogLevel::info, kAt, std::string(1'000'000, 'x')).size(), 8'100U);
}

}  // namespace
}  // namespace sluice::app
