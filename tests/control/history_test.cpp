#include "sluice/control/history.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::control {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

TEST(HistoryFilter, GoesOverTheSocketAndBack) {
  const WallTime noon{std::chrono::sys_days{std::chrono::year{2024} / 1 / 15} + 12h};
  const auto back = parse_history_filter(history_filter_json({.since = noon, .name = "a\"b"}));
  EXPECT_EQ(back.since, noon);
  EXPECT_EQ(back.name, "a\"b");
  EXPECT_EQ(parse_history_filter("lunch").since, std::nullopt);
  EXPECT_EQ(parse_history_filter(R"({"since":7,"name":[]})").name, "");
}

TEST(HistoryText, IsALineAJobThatNoNameCanForge) {
  const auto text = history_text(
      R"({"jobs":[{"job":"20240115-3","name":"a\nb\u001b[31m.csv","state":"done","counts":{"accepted":7,"refused":1},)"
      R"("finished":"2024-01-15T12:00:00.000Z"},{"job":"20240115-2","name":"b.csv","state":"sending"}]})");
  ASSERT_TRUE(text);
  EXPECT_THAT(*text, HasSubstr("done  2024-01-15 12:00:00 UTC  7 accepted, 1 refused\n"));
  EXPECT_THAT(*text, HasSubstr("20240115-2  b.csv  sending  at work"));
  EXPECT_EQ(std::ranges::count(*text, '\n'), 2);
  EXPECT_THAT(*text, Not(HasSubstr("\x1b")));
  EXPECT_EQ(*history_text(R"({"jobs":[]})"), "no such job\n");
  EXPECT_FALSE(history_text("[]"));
}

}  // namespace
}  // namespace sluice::control
