#include "sluice/control/find.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::control {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Find, AnIdGoesOverTheSocketAndBack) {
  EXPECT_EQ(parse_find(find_json("a\"b")).value(), "a\"b");
  for (const auto* wrong : {"", "[]", "{}", R"({"id":7})", R"({"id":""})"}) {
    ASSERT_FALSE(parse_find(wrong)) << wrong;
    EXPECT_EQ(parse_find(wrong).error().kind, ErrorKind::usage);
  }
  EXPECT_FALSE(parse_find(find_json(std::string(1000, '9')))) << "no order has such an id";
}

TEST(FindText, SaysWhatBecameOfAnOrderInTheTermsOfItsService) {
  const auto text = find_text(
      R"({"id":"94","orders":[{"job":"20240115-3","name":"a.csv","row":7,"ids":{"douyinId":"70","uid":"94"},)"
      R"("outcome":"in_doubt","status":9,"message":"why","order_id":"17872308245801546","start_time":"2024-01-16",)"
      R"("end_time":"2024-02-29","attempts":3,"request":"r-1","at":"2024-01-15T12:00:00.000Z","looked_up":"applied"}]})");
  ASSERT_TRUE(text);
  EXPECT_EQ(*text,
            "20240115-3  a.csv  order 7 of the file: in_doubt\n"
            "    douyinId 70, uid 94\n"
            "    The API answered with status 9: why\n"
            "    Order id 17872308245801546\n"
            "    Active from 2024-01-16 to 2024-02-29\n"
            "    Settled 2024-01-15 12:00:00 UTC; its last request was r-1, of 3\n"
            "    Somebody has looked it up since: it was applied\n");
}

TEST(FindText, NoNameOrAnswerForgesALineOrReachesTheTerminal) {
  const auto text = find_text(R"({"orders":[{"name":"a\nb.csv","message":"\u001b[31mred"}]})");
  ASSERT_TRUE(text);
  EXPECT_THAT(*text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(*text, Not(HasSubstr("a\nb")));
}

TEST(FindText, OfNothingItSaysSo) {
  EXPECT_THAT(find_text(R"({"id":"94","orders":[]})").value(), HasSubstr("Nothing is remembered of 94"));
  EXPECT_FALSE(find_text("[]"));
  EXPECT_FALSE(find_text("{}"));
}

}  // namespace
}  // namespace sluice::control
