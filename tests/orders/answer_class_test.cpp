#include <gmock/gmock.h>

#include <set>

#include "orders/sample.hpp"
#include "sluice/orders/answer.hpp"

namespace sluice::orders {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const std::vector<Order> kSent = {Row::create().order(), Row::create().with("uid", "95").order()};
const std::string kRows = R"([{"uid":"94","status":"1"},{"uid":"95","status":"2"}])";

HttpReply reply(int status, std::string body, std::string content_type = "application/json") {
  return {.status = status,
          .content_type = std::move(content_type),
          .retry_after = {},
          .date = {},
          .body = std::move(body),
          .truncated = false};
}
std::string envelope(std::string code, std::string message, std::string data = "null") {
  return R"({"msg":")" + message + R"(","code":)" + code + R"(,"data":)" + data + "}";
}

struct Case {
  std::string what;
  HttpReply reply;
  AnswerClass expected;
};
void PrintTo(const Case& c, std::ostream* out) {
  *out << c.what;
}

HttpReply with_retry_after(HttpReply r, std::string value) {
  r.retry_after = std::move(value);
  return r;
}
HttpReply truncated(HttpReply r) {
  r.truncated = true;
  return r;
}

/// docs/api.md, "What each answer means": each line of its table, in its order.
std::vector<Case> table() {
  using enum AnswerClass;
  const std::string html = "<html><body><h1>502 Bad Gateway</h1></body></html>";
  return {
      {"2xx, code 200, rows", reply(200, envelope("200", "ok", kRows)), answered},
      {"201 with rows", reply(201, envelope("200", "ok", kRows)), answered},
      {"code as a string", reply(200, envelope("\"200\"", "ok", kRows)), answered},
      {"rows win over msg", reply(200, envelope("200", "请求过于频繁", kRows)), answered},
      {"rows in an object", reply(200, envelope("200", "ok", R"({"total":2,"list":)" + kRows + "}")), answered},
      {"keys in another case", reply(200, R"({"Msg":"ok","CODE":200,"Data":)" + kRows + "}"), answered},
      {"a BOM before it", reply(200, "\xEF\xBB\xBF" + envelope("200", "ok", kRows)), answered},
      {"JSON called HTML", reply(200, envelope("200", "ok", kRows), "text/html"), answered},

      {"429", reply(429, ""), throttled},
      {"429 in HTML", reply(429, html, "text/html"), throttled},
      {"throttle by msg", reply(200, envelope("500", "访问过于频繁，请稍候再试")), throttled},
      {"throttle by msg, any status", reply(403, envelope("500", "Too Many Requests")), throttled},
      {"throttle by msg in a 500", reply(500, envelope("500", "Blocked by Sentinel: FlowException")), throttled},
      {"503 with Retry-After", with_retry_after(reply(503, html, "text/html"), "7"), throttled},
      {"503 that says so in plain text", reply(503, "Rate limit exceeded", "text/plain"), throttled},
      {"503 without evidence", reply(503, html, "text/html"), ambiguous},
      {"503 with Retry-After garbage", with_retry_after(reply(503, html), "soon"), ambiguous},

      {"401", reply(401, html, "text/html"), unauthorized},
      {"401 in the envelope", reply(200, envelope("401", "?")), unauthorized},
      {"401 in the envelope, as a string", reply(200, envelope("\"401\"", "?")), unauthorized},
      {"auth by msg", reply(200, envelope("500", "令牌已过期")), unauthorized},
      {"403", reply(403, ""), forbidden},
      {"403 in the envelope", reply(200, envelope("403", "?")), forbidden},
      {"forbidden by msg", reply(200, envelope("500", "没有权限，请联系管理员授权")), forbidden},

      {"404", reply(404, html, "text/html"), misrouted},
      {"301", reply(301, ""), misrouted},
      {"304", reply(304, ""), misrouted},
      {"405", reply(405, ""), misrouted},
      {"2xx with HTML", reply(200, html, "text/html;charset=utf-8"), misrouted_maybe},
      {"2xx with HTML called JSON", reply(200, "  <!DOCTYPE html>"), misrouted_maybe},

      {"400", reply(400, envelope("400", "bad")), bad_request},
      {"422", reply(422, ""), bad_request},
      {"413", reply(413, html, "text/html"), too_large},
      {"repeat by msg", reply(200, envelope("500", "不允许重复提交，请稍候再试")), repeat},
      {"repeat and throttle: the careful one", reply(200, envelope("500", "操作频繁，请勿重复提交")), repeat},

      {"another body code", reply(200, envelope("500", "NullPointerException")), ambiguous},
      {"body code 601", reply(200, envelope("601", "warn")), ambiguous},
      {"another body code with rows", reply(200, envelope("500", "?", kRows)), ambiguous},
      {"no body code with rows", reply(200, R"({"data":)" + kRows + "}"), ambiguous},
      {"500", reply(500, ""), ambiguous},
      {"502 in HTML", reply(502, html, "text/html"), ambiguous},
      {"504 with an envelope of success", reply(504, envelope("200", "ok", kRows)), ambiguous},
      {"500 with code 401", reply(500, envelope("401", "?")), ambiguous},
      {"201 {}", reply(201, "{}"), ambiguous},
      {"204", reply(204, ""), ambiguous},
      {"garbage", reply(200, "\xff\xfe\x00 garbage"), ambiguous},
      {"an array", reply(200, kRows), ambiguous},
      {"truncated", truncated(reply(200, envelope("200", "ok", kRows))), ambiguous},
      {"truncated HTML", truncated(reply(200, html, "text/html")), ambiguous},
      {"truncated 429", truncated(reply(429, "{")), throttled},
      {"half of it", reply(200, envelope("200", "ok", kRows).substr(0, 40)), ambiguous},
      {"no rows", reply(200, envelope("200", "ok", "[]")), ambiguous},
      {"data null", reply(200, envelope("200", "ok")), ambiguous},
      {"rows of strangers", reply(200, envelope("200", "ok", R"([{"uid":"1","status":1}])")), ambiguous},
      {"rows without a status", reply(200, envelope("200", "ok", R"([{"uid":"94"},{"uid":"95","status":null}])")),
       ambiguous},
      {"no rows but words of a limit inside a word", reply(200, envelope("500", "corporate limit exceeded")),
       ambiguous},
      {"nested too deep", reply(200, std::string(100000, '[')), ambiguous},
      {"no status at all", reply(0, ""), ambiguous},
      {"100", reply(100, ""), ambiguous},
      {"600", reply(600, ""), ambiguous},
  };
}

class AnswerClasses : public testing::TestWithParam<Case> {};
TEST_P(AnswerClasses, AreTheTablesOfUpstream) {
  const auto answer = read_answer(GetParam().reply, kSent, kNow);
  EXPECT_EQ(name(answer.what), name(GetParam().expected)) << answer.words;
  EXPECT_EQ(answer.rows.size(), answer.what == AnswerClass::answered ? kSent.size() : 0U);
}
INSTANTIATE_TEST_SUITE_P(Table, AnswerClasses, testing::ValuesIn(table()));

TEST(AnswerClasses, AllOccurInTheTable) {
  std::set<std::string_view> seen;
  for (const auto& row : table()) seen.insert(name(row.expected));
  EXPECT_THAT(seen, SizeIs(10));
}

TEST(AnswerClasses, LeaveOpenWhatWasAppliedOrDoNot) {
  using enum AnswerClass;
  for (const auto open : {misrouted_maybe, repeat, ambiguous}) EXPECT_TRUE(maybe_applied(open)) << name(open);
  for (const auto closed : {answered, throttled, unauthorized, forbidden, misrouted, bad_request, too_large})
    EXPECT_FALSE(maybe_applied(closed)) << name(closed);
}

TEST(AnswerClasses, KnowEveryWireMessage) {
  using enum AnswerClass;
  const std::vector<std::pair<AnswerClass, std::vector<std::string>>> messages = {
      {throttled,
       {"访问过于频繁", "请求过于频繁", "过于频繁", "操作频繁", "请求超过最大数", "限流", "请求太快", "TOO FREQUENT",
        "too many requests", "Rate Limit", "blocked by sentinel", "FlowLimitExceeded",
        "Throttling.RequestLimitExceeded"}},
      {repeat, {"不允许重复提交", "重复提交", "Repeat submit"}},
      {unauthorized,
       {"认证失败", "令牌不能为空", "令牌已过期", "令牌验证失败", "登录状态已过期", "请重新登录", "无法访问系统资源"}},
      {forbidden, {"没有权限", "没有访问权限", "请联系管理员授权", "演示模式"}}};
  for (const auto& [what, texts] : messages)
    for (const auto& message : texts)
      EXPECT_EQ(name(read_answer(reply(200, envelope("500", "x " + message + " y")), kSent, kNow).what), name(what))
          << message;
}

TEST(ReadAnswer, DecodesGb18030WhereItIsNotUtf8) {
  // "令牌已过期" in GBK.
  const std::string gbk = "\xC1\xEE\xC5\xC6\xD2\xD1\xB9\xFD\xC6\xDA";
  EXPECT_EQ(read_answer(reply(200, envelope("500", gbk)), kSent, kNow).what, AnswerClass::unauthorized);
}

TEST(ReadAnswer, SaysCodeAndMessageShortened) {
  const auto answer = read_answer(reply(200, envelope("500", "boom " + std::string(5000, '!'))), kSent, kNow);
  EXPECT_THAT(answer.words, AllOf(HasSubstr("HTTP 200"), HasSubstr("code 500"), HasSubstr("boom")));
  EXPECT_LT(answer.words.size(), 300U);
  EXPECT_EQ(read_answer(reply(502, "<html>secret</html>", "text/html"), kSent, kNow).words, "HTTP 502, HTML");
}

TEST(ReadAnswer, NeverRepeatsACredentialThatThePeerEchoes) {
  for (const auto* echo : {"令牌已过期: Bearer s3cret", "bad header 'Authorization: bearer s3cret'",
                           "token eyJhbGciOi.s3cret.J9dyJzdWIi expired"}) {
    EXPECT_THAT(read_answer(reply(200, envelope("500", echo)), kSent, kNow).words,
                AllOf(Not(HasSubstr("s3cret")), HasSubstr("[hidden]")));
  }
  EXPECT_THAT(read_answer(reply(200, envelope("500", "uid 17872308245801546 unknown")), kSent, kNow).words,
              HasSubstr("17872308245801546"));
}

// Retry-After.

std::optional<long> waits(std::string header, std::string date = "", WallTime now = at(1994, 11, 6, 16)) {
  auto r = reply(429, "");
  r.retry_after = std::move(header);
  r.date = std::move(date);
  const auto wait = read_answer(r, kSent, now).retry_after;
  return wait ? std::optional<long>(wait->count()) : std::nullopt;
}

TEST(RetryAfter, IsReadInSeconds) {
  EXPECT_EQ(waits("7"), 7);
  EXPECT_EQ(waits(" 120 "), 120);
  EXPECT_EQ(waits("0"), 0);
}

TEST(RetryAfter, IsAtMostAnHour) {
  EXPECT_EQ(waits("3600"), 3600);
  EXPECT_EQ(waits("3601"), 3600);
  EXPECT_EQ(waits("99999999999999999999999"), 3600);
  EXPECT_EQ(waits("Sun, 06 Nov 2094 08:49:37 GMT"), 3600);
}

TEST(RetryAfter, IsIgnoredWhereItMakesNoSense) {
  for (const auto* bad :
       {"", "-5", "1.5", "soon", "+7", "7s", "Sun, 06 Nov 1994 08:49:37", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Nov 1994 GMT"})
    EXPECT_EQ(waits(bad), std::nullopt) << bad;
}

TEST(RetryAfter, IsReadAsADateInAllThreeForms) {
  // 16:00 in UTC+8 is 08:00 GMT.
  for (const auto* date :
       {"Sun, 06 Nov 1994 08:01:40 GMT", "Sunday, 06-Nov-94 08:01:40 GMT", "Sun Nov  6 08:01:40 1994"})
    EXPECT_EQ(waits(date), 100) << date;
  EXPECT_EQ(waits("Sun, 06 Nov 1994 07:59:59 GMT"), std::nullopt);
}

TEST(RetryAfter, TakesAYearOfTwoDigitsForTheNearestOne) {
  const auto now = at(2024, 1, 15, 16);
  EXPECT_EQ(waits("Monday, 15-Jan-24 08:01:40 GMT", "", now), 100);
  EXPECT_EQ(waits("Sunday, 06-Nov-94 08:01:40 GMT", "", now), std::nullopt);
  EXPECT_EQ(waits("Monday, 15-Jan-74 08:01:40 GMT", "", now), 3600);
}

TEST(RetryAfter, AsADateCountsFromTheServersOwnClock) {
  EXPECT_EQ(waits("Sun, 06 Nov 1994 08:01:40 GMT", "Sun, 06 Nov 1994 08:01:30 GMT"), 10);
  EXPECT_EQ(waits("Sun, 06 Nov 1994 08:01:40 GMT", "nonsense"), 100);
}

}  // namespace
}  // namespace sluice::orders
