#include <gmock/gmock.h>

#include "orders/sample.hpp"
#include "sluice/orders/answer.hpp"

namespace sluice::orders {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<Order> creates(const std::vector<std::string>& uids) {
  std::vector<Order> orders;
  for (const auto& uid : uids) orders.push_back(Row::create().with("uid", uid).order());
  return orders;
}
std::vector<Order> modifies(const std::vector<std::string>& ids) {
  std::vector<Order> orders;
  for (const auto& id : ids) orders.push_back(Row::modify().with("orderId", id).order());
  return orders;
}

Answer answer(const std::vector<Order>& sent, const std::string& data) {
  const HttpReply reply{.status = 200,
                        .content_type = "application/json",
                        .retry_after = {},
                        .date = {},
                        .body = R"({"msg":"ok","code":200,"data":)" + data + "}",
                        .truncated = false};
  return read_answer(reply, sent, kNow);
}

/// The status each order got: -1 where the answer has no row for it.
std::vector<int> statuses(const std::vector<Order>& sent, const std::string& data) {
  std::vector<int> statuses;
  for (const auto& row : answer(sent, data).rows) statuses.push_back(row ? row->status.value_or(0) : -1);
  return statuses;
}

TEST(PairingCreate, GoesByUidNotByPlace) {
  EXPECT_THAT(
      statuses(creates({"1", "2", "3"}), R"([{"uid":"3","status":6},{"uid":"1","status":1},{"uid":"2","status":2}])"),
      ElementsAre(1, 2, 6));
}

TEST(PairingCreate, LeavesOrdersWithoutARowOpen) {
  EXPECT_THAT(statuses(creates({"1", "2"}), R"([{"uid":"2","status":1}])"), ElementsAre(-1, 1));
}

TEST(PairingCreate, NeverGoesByPlaceEvenWhereTheCountsAreEqual) {
  EXPECT_THAT(statuses(creates({"1", "2"}), R"([{"status":1},{"uid":"2","status":1}])"), ElementsAre(-1, 1));
  EXPECT_EQ(answer(creates({"1"}), R"([{"status":1}])").what, AnswerClass::ambiguous);
}

TEST(PairingCreate, ReadsUidsThatComeAsNumbersAndKeysInAnyCase) {
  EXPECT_THAT(statuses(creates({"94", "17872308245801546"}),
                       R"([{"UID":17872308245801546,"Status":"2"},{"Uid":94,"STATUS":1}])"),
              ElementsAre(1, 2));
}

TEST(PairingCreate, IgnoresRowsOfStrangersAndElementsThatAreNoObjects) {
  EXPECT_THAT(statuses(creates({"1"}), R"([{"uid":"9","status":2},null,7,[],{"uid":"1","status":1}])"), ElementsAre(1));
}

TEST(PairingCreate, TakesARepeatedRowOnceAndContradictingRowsNotAtAll) {
  EXPECT_THAT(statuses(creates({"1"}), R"([{"uid":"1","status":1},{"uid":"1","status":"1"}])"), ElementsAre(1));
  const auto mixed = answer(creates({"1", "2"}), R"([{"uid":"1","status":1},{"uid":"1","status":2},
                                                     {"uid":"1","status":1},{"uid":"2","status":1}])");
  EXPECT_FALSE(mixed.rows[0]);
  EXPECT_TRUE(mixed.rows[1]);
  EXPECT_THAT(mixed.words, HasSubstr("contradict"));
  EXPECT_EQ(answer(creates({"1"}), R"([{"uid":"1","status":1},{"uid":"1","status":2}])").what, AnswerClass::ambiguous);
}

TEST(PairingCreate, OnlySaysSoWhereTheDouyinIdDiffers) {
  const auto differs = answer(creates({"1"}), R"([{"uid":"1","douyinId":"other","status":1}])");
  EXPECT_EQ(differs.rows.at(0)->status, 1);
  EXPECT_THAT(differs.words, HasSubstr("douyinId sent abc, answered other"));
  EXPECT_THAT(answer(creates({"1"}), R"([{"uid":"1","douyinUid":"other","status":1}])").words,
              HasSubstr("answered other"));
  EXPECT_THAT(answer(creates({"1"}), R"([{"uid":"1","douyinId":"abc","status":1}])").words, Not(HasSubstr("sent")));
}

TEST(PairingModify, GoesByOrderIdWhereTheRowHasOne) {
  EXPECT_THAT(
      statuses(modifies({"1", "2"}), R"({"modifyOrders":[{"orderId":"2","status":5},{"orderId":"1","status":1}]})"),
      ElementsAre(1, 5));
}

TEST(PairingModify, GoesByPlaceOnlyIfTheCountsAreEqual) {
  EXPECT_THAT(statuses(modifies({"1", "2"}), R"({"modifyOrders":[{"status":1},{"status":"10"}]})"), ElementsAre(1, 10));
  EXPECT_THAT(statuses(modifies({"1", "2"}), R"([{"orderId":"","status":1},{"orderId":null,"status":2}])"),
              ElementsAre(1, 2));
  EXPECT_EQ(answer(modifies({"1", "2"}), R"({"modifyOrders":[{"status":1}]})").what, AnswerClass::ambiguous);
  EXPECT_EQ(answer(modifies({"1"}), R"({"modifyOrders":[{"status":1},{"status":2}]})").what, AnswerClass::ambiguous);
}

TEST(PairingModify, TrustsNoPlaceWhereTheIdsShowAnotherOrder) {
  EXPECT_THAT(statuses(modifies({"1", "2", "3"}), R"([{"orderId":"2","status":1},{"status":2},{"status":3}])"),
              ElementsAre(-1, 1, -1));
  EXPECT_THAT(statuses(modifies({"1", "2", "3"}), R"([{"orderId":"1","status":1},{"status":2},{"status":3}])"),
              ElementsAre(1, 2, 3));
}

TEST(Rows, KeepWhatTheApiSaidWithinBounds) {
  const auto row = answer(creates({"1"}), R"([{"uid":"1","status":"1","orderId":17872308245801546,
      "startTime":"2024-01-18","endTime":null}])")
                       .rows.at(0)
                       .value();
  EXPECT_EQ(row.order_id, "17872308245801546");
  EXPECT_EQ(row.start_time, "2024-01-18");
  EXPECT_EQ(row.end_time, "");
  const auto absurd =
      answer(creates({"1"}), R"([{"uid":"1","status":1,"orderId":")" + std::string(100000, '7') + R"("}])");
  EXPECT_LT(absurd.rows.at(0)->order_id.str().size(), 100U);
}

TEST(Rows, ReadAStatusAsStringOrIntegerAndKeepWhatIsNeither) {
  const auto status = [](const std::string& literal) {
    const auto read = answer(creates({"1"}), R"([{"uid":"1","status":)" + literal + "}]");
    return read.rows.empty() ? RowAnswer{-1, "", "", "", ""} : read.rows.at(0).value();
  };
  EXPECT_EQ(status("1").status, 1);
  EXPECT_EQ(status("\" 1 \"").status, 1);
  EXPECT_EQ(status("1.0").status, 1);
  EXPECT_EQ(status("\"42\"").status, 42);
  for (const auto* literal : {"\"1.0\"", "\"ok\"", "true", "{}", "1.5", "99999999999"}) {
    EXPECT_EQ(status(literal).status, std::nullopt) << literal;
    EXPECT_NE(status(literal).status_text, "") << literal;
  }
  EXPECT_EQ(status("0").status, 0);
  EXPECT_EQ(status("-7").status, -7);
  EXPECT_EQ(status("null").status_text, "null");
  EXPECT_EQ(status("\"\"").status_text, "\"\"");
}

TEST(ReadAnswer, ReadsHalfACharacterAsAReplacementCharacterAndPairsAsThey) {
  const auto said = [](const std::string& text) {
    return answer(creates({"1"}), R"([{"uid":"1","status":1,"orderId":")" + text + R"("}])");
  };
  for (const auto* half : {R"(\ud800)", R"(\uDC00)", R"(\uD83d\u0041)", R"(\ud800\n)", R"(\udc00\ud83d)"}) {
    EXPECT_EQ(said(half).what, AnswerClass::answered) << half;
  }
  EXPECT_EQ(said(R"(a\ud800\ud83d\ude00b)").rows.at(0)->order_id, "a\uFFFD\U0001F600b");
  EXPECT_EQ(said(R"(\\ud800 \ud83d)").rows.at(0)->order_id, "\\ud800 \uFFFD") << "an escaped backslash is no escape";
  EXPECT_EQ(said(R"(\ud800\x)").what, AnswerClass::ambiguous) << "what else is broken stays so";
}

TEST(ReadAnswer, OfNothingSentIsAmbiguous) {
  EXPECT_EQ(answer({}, R"([{"uid":"1","status":1}])").what, AnswerClass::ambiguous);
}

}  // namespace
}  // namespace sluice::orders
