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
HttpReply from_cache(HttpReply r, std::string age, std::string cache) {
  r.age = std::move(age);
  r.cache = std::move(cache);
  return r;
}
HttpReply flawed(HttpReply r, std::string flaw) {
  r.flaw = std::move(flaw);
  return r;
}
HttpReply truncated(HttpReply r) {
  r.truncated = true;
  return r;
}

/// docs/api.md, "What each answer means": each line of its table, in its order.
std::vector<Case> table() {
  using enum AnswerClass;
  const std::string stock =
      "<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n<body>\r\n<center><h1>503 Service "
      "Temporarily Unavailable</h1></center>\r\n<hr><center>nginx/1.24.0</center>\r\n</body>\r\n</html>\r\n";
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
      {"nginx's own 503", reply(503, stock, "text/html"), throttled},
      {"nginx's own 503 with Retry-After", with_retry_after(reply(503, stock, "text/html"), "7"), throttled},
      {"throttle by a front door", reply(200, envelope("500", "访问过于频繁，请稍候再试")), throttled},
      {"throttle by a front door, empty data", reply(200, envelope("500", "请求超过最大数！", "[]")), throttled},
      {"Sentinel", reply(200, envelope("500", "Blocked by Sentinel (flow limiting)")), throttled},

      {"throttle within a sentence", reply(200, envelope("500", "calling the vendor failed: too many requests")),
       throttled_maybe},
      {"a front door's words with data", reply(200, envelope("500", "访问过于频繁", R"({"done":3})")), throttled_maybe},
      {"throttle by msg, any status", reply(403, envelope("500", "Too Many Requests")), throttled_maybe},
      {"throttle by msg in a 500", reply(500, envelope("500", "Blocked by Sentinel: FlowException")), throttled_maybe},
      {"503 with Retry-After", with_retry_after(reply(503, html, "text/html"), "7"), throttled_maybe},
      {"409 with Retry-After", with_retry_after(reply(409, ""), "7"), throttled_maybe},
      {"503 that says so in plain text", reply(503, "Rate limit exceeded", "text/plain"), throttled_maybe},
      {"503 without evidence", reply(503, html, "text/html"), ambiguous},
      {"503 with Retry-After garbage", with_retry_after(reply(503, html), "soon"), ambiguous},

      {"401", reply(401, html, "text/html"), unauthorized},
      {"401 with Retry-After", with_retry_after(reply(401, ""), "7"), unauthorized},
      {"401 with words from anywhere", reply(401, envelope("401", "请求访问：/x，认证失败，无法访问系统资源")),
       unauthorized},
      {"auth by a front door", reply(200, envelope("401", "登录状态已过期，请重新登录")), unauthorized},
      {"auth by a front door, another code", reply(200, envelope("500", "令牌已过期")), unauthorized},
      {"401 in the envelope", reply(200, envelope("401", "?")), unauthorized_maybe},
      {"401 in the envelope, as a string", reply(200, envelope("\"401\"", "?")), unauthorized_maybe},
      {"auth within a sentence", reply(200, envelope("500", "第 3 单失败：令牌已过期")), unauthorized_maybe},
      {"auth in a 500", reply(500, envelope("500", "令牌已过期")), unauthorized_maybe},
      {"403", reply(403, ""), forbidden},
      {"forbidden by a front door", reply(200, envelope("500", "没有权限，请联系管理员授权")), forbidden},
      {"403 in the envelope", reply(200, envelope("403", "?")), forbidden_maybe},
      {"forbidden within a sentence", reply(200, envelope("500", "uid 94 没有权限")), forbidden_maybe},

      {"404", reply(404, html, "text/html"), misrouted},
      {"301", reply(301, ""), misrouted},
      {"304", reply(304, ""), misrouted},
      {"405", reply(405, ""), misrouted},
      {"410", reply(410, ""), misrouted},
      {"an old answer", from_cache(reply(200, envelope("200", "ok", kRows)), "3", ""), misrouted_maybe},
      {"a cache's answer", from_cache(reply(200, envelope("200", "ok", kRows)), "", "X-Cache-Status: HIT"),
       misrouted_maybe},
      {"a cache's answer among others",
       from_cache(reply(200, envelope("200", "ok", kRows)), "0", "X-Cache: MISS\nX-Cache: TCP_MEM_HIT from edge"),
       misrouted_maybe},
      {"a stale answer", from_cache(reply(404, ""), "", "X-Cache-Status: STALE"), misrouted_maybe},
      {"a cache that was passed",
       from_cache(reply(200, envelope("200", "ok", kRows)), "0", "X-Cache: MISS\nX-Cache-Hits: 0\nX-Hit-Cache: BYPASS"),
       answered},
      {"2xx with HTML", reply(200, html, "text/html;charset=utf-8"), misrouted_maybe},
      {"2xx with HTML called JSON", reply(200, "  <!DOCTYPE html>"), misrouted_maybe},

      {"421", reply(421, html, "text/html"), try_elsewhere},
      {"425", reply(425, ""), try_elsewhere},
      {"408", reply(408, html, "text/html"), unfinished},
      {"409", reply(409, ""), unfinished},
      {"423", reply(423, ""), unfinished},
      {"460", reply(460, ""), unfinished},
      {"499", reply(499, ""), unfinished},
      {"407", reply(407, ""), unfinished},
      {"418", reply(418, envelope("418", "?")), unfinished},

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
      {"rows without a status", reply(200, envelope("200", "ok", R"([{"uid":"94"},{"uid":"95"}])")), ambiguous},
      {"a body that can't be read", flawed(reply(200, envelope("200", "ok", kRows)), "compressed"), ambiguous},
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
  EXPECT_THAT(seen, SizeIs(15));
}

TEST(AnswerClasses, LeaveOpenWhatWasAppliedOrDoNot) {
  using enum AnswerClass;
  for (const auto open :
       {throttled_maybe, unauthorized_maybe, forbidden_maybe, misrouted_maybe, unfinished, repeat, ambiguous})
    EXPECT_TRUE(maybe_applied(open)) << name(open);
  for (const auto closed :
       {answered, throttled, unauthorized, forbidden, misrouted, try_elsewhere, bad_request, too_large})
    EXPECT_FALSE(maybe_applied(closed)) << name(closed);
}

TEST(AnswerClasses, KnowEveryWireMessage) {
  using enum AnswerClass;
  const std::vector<std::pair<AnswerClass, std::vector<std::string>>> messages = {
      {throttled_maybe,
       {"访问过于频繁", "请求过于频繁", "过于频繁", "操作频繁", "请求超过最大数", "限流", "请求太快", "TOO FREQUENT",
        "too many requests", "Rate Limit", "blocked by sentinel", "FlowLimitExceeded",
        "Throttling.RequestLimitExceeded"}},
      {repeat, {"不允许重复提交", "重复提交", "Repeat submit"}},
      {unauthorized_maybe,
       {"认证失败", "令牌不能为空", "令牌已过期", "令牌验证失败", "登录状态已过期", "请重新登录", "无法访问系统资源"}},
      {forbidden_maybe, {"没有权限", "没有访问权限", "请联系管理员授权", "演示模式"}}};
  for (const auto& [what, texts] : messages)
    for (const auto& message : texts)
      EXPECT_EQ(name(read_answer(reply(200, envelope("500", "x " + message + " y")), kSent, kNow).what), name(what))
          << message;
}

TEST(AnswerClasses, KnowEveryFrontDoorsSentenceHoweverItIsPunctuated) {
  using enum AnswerClass;
  const std::vector<std::pair<AnswerClass, std::vector<std::string>>> sentences = {
      {throttled, {"访问过于频繁", "请求过于频繁", "请求超过最大数", "Blocked by Sentinel (flow limiting)"}},
      {unauthorized,
       {"认证失败", "认证失败，无法访问系统资源", "令牌不能为空", "令牌已过期", "令牌已过期或验证不正确！",
        "令牌验证失败", "登录状态已过期", "登录状态已过期，请重新登录"}},
      {forbidden, {"没有权限，请联系管理员授权", "没有访问权限，请联系管理员授权", "演示模式，不允许操作"}}};
  for (const auto& [what, texts] : sentences) {
    for (const auto& text : texts) {
      for (const auto& message : {text, "「" + text + "」。", text + ", 请稍候再试!", text + " …Try again later."})
        EXPECT_EQ(name(read_answer(reply(200, envelope("500", message)), kSent, kNow).what), name(what)) << message;
      const auto within = read_answer(reply(200, envelope("500", "订单 3：" + text)), kSent, kNow).what;
      EXPECT_TRUE(maybe_applied(within)) << text;
    }
  }
}

TEST(ReadAnswer, DecodesGb18030WhereItIsNotUtf8) {
  // "令牌已过期" in GBK.
  const std::string gbk = "\xC1\xEE\xC5\xC6\xD2\xD1\xB9\xFD\xC6\xDA";
  EXPECT_EQ(read_answer(reply(200, envelope("500", gbk)), kSent, kNow).what, AnswerClass::unauthorized);
  // The first byte of a character, and the file ends.
  EXPECT_EQ(read_answer(reply(200, envelope("500", gbk) + "\xC1"), kSent, kNow).what, AnswerClass::ambiguous);
}

TEST(ReadAnswer, SaysCodeAndMessageShortened) {
  const auto answer = read_answer(reply(200, envelope("500", "boom " + std::string(5000, '!'))), kSent, kNow);
  EXPECT_THAT(answer.words, AllOf(HasSubstr("HTTP 200"), HasSubstr("code 500"), HasSubstr("boom")));
  EXPECT_LT(text::in(text::Lang::en, answer.words).size(), 300U);
  EXPECT_EQ(text::in(text::Lang::en, read_answer(reply(502, "<html>secret</html>", "text/html"), kSent, kNow).words),
            "HTTP 502, HTML");
}

TEST(ReadAnswer, SaysWhatCameWhereNothingUsableDid) {
  const auto words = [](const HttpReply& r) { return text::in(text::Lang::en, read_answer(r, kSent, kNow).words); };
  EXPECT_EQ(words(flawed(reply(200, "x"), "compressed (gzip) though nobody asked for it")),
            "HTTP 200, compressed (gzip) though nobody asked for it");
  EXPECT_EQ(words(reply(200, "\x1F\x8B\x08")), "HTTP 200, compressed (gzip)");
  EXPECT_EQ(words(reply(200, "\xFF\xFE{\0")), "HTTP 200, UTF-16 instead of UTF-8");
  EXPECT_EQ(words(reply(200, "\x80\xFF")), "HTTP 200, neither UTF-8 nor GB18030");
  EXPECT_EQ(words(reply(200, "<?xml version=\"1.0\"?><r/>")), "HTTP 200, XML");
  EXPECT_EQ(words(reply(200, "<html><TITLE>Captive portal</TITLE>")), "HTTP 200, a page \"Captive portal\"");
  EXPECT_EQ(words(reply(499, "")), "HTTP 499 (a proxy says that we had hung up), empty");
  EXPECT_THAT(words(reply(200, envelope("200", "ok", R"([{"uid":"1","status":1},{"uid":"2","status":1}])"))),
              HasSubstr("2 rows of orders that were not sent (1, 2)"));
  EXPECT_THAT(words(from_cache(reply(200, envelope("200", "ok", kRows)), "3", "")),
              HasSubstr("from a cache on the way"));
}

TEST(ReadAnswer, KeepsTheNamesOfClassesAndCodes) {
  for (const auto* said :
       {"org.springframework.web.HttpMediaTypeNotSupportedException", "HttpMessageNotReadableException",
        "SERVICE_TEMPORARILY_UNAVAILABLE", "com.volc.acdn.rest.controller"})
    EXPECT_THAT(read_answer(reply(200, envelope("500", said)), kSent, kNow).words, HasSubstr(said));
}

TEST(ReadAnswer, NeverRepeatsACredentialThatThePeerEchoes) {
  for (const auto* echo : {"令牌已过期: Bearer s3cret", "bad header 'Authorization: bearer s3cret'",
                           "token eyJhbGciOi.s3cret.J9dyJzdWIi expired", "key abcdefs3cretghijklmnop"}) {
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
