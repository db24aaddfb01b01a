#include "sandbox/api.hpp"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>

#include "adapters/temp_folder.hpp"
#include "sandbox/calendar.hpp"

namespace sluice::sandbox {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kCreate = "/prod-api/acdn/volc/hostAcceleratePackRest/createHostAcceleratePackOrder";
constexpr std::string_view kModify = "/prod-api/acdn/volc/hostAcceleratePackRest/modifyHostAcceleratePackOrder";
const WallTime kNow = parse_instant("2024-01-17T10:00:00+08:00").value();

std::string order(std::string_view uid, std::string_view more = "") {
  return R"({"douyinId":"70","source":"联通","uid":")" + std::string(uid) +
         R"(","province":"粤","endMonthTime":"2024-02","isRenew":false)" + std::string(more) + "}";
}

std::string orders(std::initializer_list<std::string> list) {
  std::string body = R"({"packOrder":[)";
  for (const auto& one : list) body += (body.back() == '[' ? "" : ",") + one;
  return body + "]}";
}

/// An Api with a clock that moves a second a request, so that the limit stays out of the way unless asked for.
class Bench {
 public:
  explicit Bench(Options options = {}) : api_(std::move(options)) { EXPECT_TRUE(api_.load()); }

  Reply post(std::string_view path, std::string body, std::string_view authorization = "secret") {
    now_ += step;
    const Arrival arrival = api_.arrived(path, now_);
    Reply reply = api_.answer(arrival, {"POST", path, authorization, std::move(body)}, now_, kNow);
    api_.answered(reply, now_);
    return reply;
  }
  Reply create(std::string body) { return post(kCreate, std::move(body)); }
  boost::json::value page(std::string_view path) {
    return boost::json::parse(api_.answer(api_.arrived(path, now_), {"GET", path, "", ""}, now_, kNow).body);
  }
  const Api& api() const { return api_; }

  Nanos step = std::chrono::seconds(2);

 private:
  Api api_;
  Nanos now_ = std::chrono::hours(1);
};

Options with_fault(const char* spec) {
  Options options;
  options.faults.push_back(parse_fault(spec).value());
  return options;
}

TEST(SandboxApi, EchoesRowsAsInTheCreatePage) {
  Bench bench;
  const Reply reply = bench.create(orders({order("94")}));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body,
            R"({"msg":"Operation successful","code":200,"data":[{"startTime":"2024-01-18","source":"联通","uid":"94",)"
            R"("status":1,"orderId":"17872308245800001","douyinId":"70","isRenew":false,"province":"粤",)"
            R"("endTime":"2024-02-29 23:59:59"}]})");
}

TEST(SandboxApi, AnswersUpdatesAsInTheModifyPage) {
  Options options;
  options.known_orders.push_back(parse_known_order("17872308245801546:94:70").value());
  options.status_as = StatusAs::string;
  Bench bench(std::move(options));
  const Reply reply = bench.post(
      kModify,
      R"({"modifyOrders":[{"newUid":"95","executeTime":"2024-01-20","orderId":"17872308245801546","oldUid":"94","newDouyinId":"71"}]})");
  EXPECT_EQ(reply.body, R"({"msg":"Update successful","code":200,"data":{"modifyOrders":[{"status":"1"}]}})");
}

TEST(SandboxApi, RefusesOrdersOfTheSameUidInOneBatch) {
  Bench bench;
  EXPECT_THAT(bench.create(orders({order("1"), order("1")})).body, HasSubstr(R"("status":6)"));
  EXPECT_EQ(bench.api().memory().applied(), 1U);
}

TEST(SandboxApi, CountsAnArrivalBeforeAnythingElseAndRefusesTheEleventh) {
  Bench bench;
  bench.step = std::chrono::milliseconds(99);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(bench.post(kCreate, "{", "").status, 401);
  const Reply reply = bench.post(kCreate, "{", "");
  EXPECT_EQ(reply.status, 429);
  EXPECT_EQ(reply.headers, "Retry-After: 1\r\n");
  EXPECT_EQ(bench.page("/sandbox/stats").at("worst_second").as_int64(), 11);
}

TEST(SandboxApi, RefusesAnEmptyAuthorizationAndOneThatIsNotTheConfigured) {
  EXPECT_EQ(Bench().post(kCreate, orders({order("1")}), "").status, 401);
  Options options;
  options.authorization = "right";
  options.unauthorized_in_body = true;
  Bench bench(options);
  const Reply reply = bench.post(kCreate, orders({order("1")}), "wrong");
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, HasSubstr(R"("code":401)"));
  EXPECT_EQ(bench.api().memory().applied(), 0U);
  EXPECT_THAT(bench.post(kCreate, orders({order("1")}), "right").body, HasSubstr(R"("code":200)"));
}

TEST(SandboxApi, Refuses400WhatIsNotTheDocumentedBody) {
  Bench bench;
  for (const char* body : {"", "{", "[]", R"({"packOrder":{}})", R"({"packOrder":[]})", R"({"packOrder":[1]})",
                           R"({"modifyOrders":[]})"}) {
    EXPECT_EQ(bench.create(body).status, 400) << body;
  }
  EXPECT_THAT(
      bench
          .create(
              R"({"packOrder":[{"douyinId":"70","source":"联通","uid":94,"endMonthTime":"2024-02","isRenew":false}]})")
          .body,
      HasSubstr("uid must be a string"));
  EXPECT_THAT(
      bench
          .create(
              R"({"packOrder":[{"douyinId":"70","source":"联通","uid":"94","endMonthTime":"2024-02","isRenew":"false"}]})")
          .body,
      HasSubstr("isRenew must be true or false"));
  EXPECT_THAT(
      bench.create(R"({"packOrder":[{"source":"联通","uid":"94","endMonthTime":"2024-02","isRenew":true}]})").body,
      HasSubstr("douyinId is missing"));
}

TEST(SandboxApi, StripsTagsFromTheRawBodyAsTheGatewayDoes) {
  Bench bench;
  bench.create(orders({order("1", R"(,"nickname":"a<b>c")")}));
  bench.create(orders({order("2", R"(,"nickname":"a\u003cb\u003ec")")}));
  EXPECT_EQ(bench.page("/sandbox/orders?uid=1").at("orders").at(0).at("nickname").as_string(), "ac");
  EXPECT_EQ(bench.page("/sandbox/orders?uid=2").at("orders").at(0).at("nickname").as_string(), "a<b>c");
}

TEST(SandboxApi, RefusesARepeatedBodyWithinTheGuard) {
  Options options;
  options.repeat_guard = std::chrono::seconds(5);
  Bench bench(options);
  bench.create(orders({order("1")}));
  EXPECT_THAT(bench.create(orders({order("1")})).body, HasSubstr("不允许重复提交"));
  EXPECT_THAT(bench.create(orders({order("1")})).body, HasSubstr("不允许重复提交"));
  EXPECT_THAT(bench.create(orders({order("1")})).body, HasSubstr(R"("status":6)"));
}

TEST(SandboxApi, AppliesOrNotAsTheTableOfFaultsSays) {
  for (const FaultKind& kind : fault_kinds()) {
    Bench bench(with_fault(std::string(kind.name).c_str()));
    const Reply reply = bench.create(orders({order("1"), order("2")}));
    EXPECT_EQ(bench.api().memory().applied(), kind.applied ? 2U : 0U) << kind.name;
    if (kind.status != 0) EXPECT_EQ(reply.status, kind.status) << kind.name;
    EXPECT_EQ(reply.act, kind.act) << kind.name;
  }
}

TEST(SandboxApi, CanLeaveOutMixUpAndReencodeRows) {
  const std::string two = orders({order("1"), order("2")});
  EXPECT_THAT(Bench(with_fault("partial")).create(two).body, Not(HasSubstr(R"("uid":"2")")));
  const std::string mixed = Bench(with_fault("shuffle")).create(two).body;
  EXPECT_LT(mixed.find(R"("uid":"2")"), mixed.find(R"("uid":"1")"));
  EXPECT_THAT(Bench(with_fault("gbk")).create(two).body, HasSubstr("\xC1\xAA\xCD\xA8"));  // 联通
  EXPECT_THAT(Bench(with_fault("bare")).create(two).body, HasSubstr(R"("data":{"packOrder":[)"));
  EXPECT_GT(Bench(with_fault("huge")).create(two).body.size(), std::size_t{8} << 20U);
}

TEST(SandboxApi, SaysInternalErrorOfSingleOrders) {
  Bench lost(with_fault("status9"));
  EXPECT_THAT(lost.create(orders({order("1")})).body, HasSubstr(R"("status":9)"));
  EXPECT_EQ(lost.api().memory().applied(), 0U);
  Bench applied(with_fault("status9-applied@1"));
  EXPECT_THAT(applied.create(orders({order("1")})).body, HasSubstr(R"("status":9)"));
  EXPECT_THAT(applied.create(orders({order("1")})).body, HasSubstr(R"("status":6)"));
}

TEST(SandboxApi, ChangesItsFaultsWhileItRuns) {
  Bench bench;
  EXPECT_EQ(bench.create(orders({order("1")})).status, 200);
  EXPECT_EQ(bench.post("/sandbox/faults", "502@1\nbody401@2").status, 200);
  EXPECT_EQ(bench.create(orders({order("2")})).status, 502);
  EXPECT_THAT(bench.create(orders({order("2")})).body, HasSubstr(R"("code":401)"));
  EXPECT_EQ(bench.page("/sandbox/faults").at("faults").as_array().size(), 2U);
  EXPECT_EQ(bench.post("/sandbox/faults", "fire").status, 400);
  EXPECT_EQ(bench.post("/sandbox/faults", "").status, 200);
  EXPECT_THAT(bench.create(orders({order("2")})).body, HasSubstr(R"("status":1)"));
}

TEST(SandboxApi, TellsWhatItSaw) {
  Bench bench(with_fault("502@2"));
  bench.create(orders({order("1"), order("2")}));
  bench.create(orders({order("3")}));
  bench.post("/prod-api/elsewhere", "");
  const auto stats = bench.page("/sandbox/stats");
  EXPECT_EQ(stats.at("requests").to_number<int>(), 3);
  EXPECT_EQ(stats.at("by_service").at("create").at("200").to_number<int>(), 1);
  EXPECT_EQ(stats.at("by_service").at("create").at("502").to_number<int>(), 1);
  EXPECT_EQ(stats.at("by_service").at("none").at("404").to_number<int>(), 1);
  EXPECT_EQ(stats.at("applied_orders").to_number<int>(), 2);
  EXPECT_EQ(stats.at("arrivals_us").as_array().size(), 3U);
  const auto seen = bench.page("/sandbox/requests").at("requests");
  EXPECT_EQ(seen.at(0).at("what").as_string(), "answered");
  EXPECT_EQ(seen.at(0).at("applied").to_number<int>(), 2);
  EXPECT_EQ(seen.at(1).at("what").as_string(), "502@2");
  EXPECT_GT(seen.at(1).at("answered_us").to_number<std::int64_t>(), 0);
}

class StateFileTest : public testing::Test {
 protected:
  StateFileTest() { options_.state_file = folder_ / "state"; }

  adapters::TempFolder folder_;
  Options options_;
};

TEST_F(StateFileTest, RemembersOrdersAndUpdatesOverARestart) {
  std::string before;
  {
    Bench bench(options_);
    bench.create(orders({order("1", R"(,"nickname":"a \u003cb\u003e \"quoted\" 名")"), order("2")}));
    bench.post(
        kModify,
        R"({"modifyOrders":[{"newUid":"95","executeTime":"2024-01-20","orderId":"17872308245800001","oldUid":"1","newDouyinId":"71"}]})");
    before = boost::json::serialize(bench.page("/sandbox/orders"));
  }
  Bench again(options_);
  EXPECT_EQ(boost::json::serialize(again.page("/sandbox/orders")), before);
  EXPECT_EQ(again.api().memory().applied(), 3U);
  EXPECT_THAT(again.create(orders({order("2"), order("3")})).body,
              testing::AllOf(HasSubstr(R"("status":6)"), HasSubstr("17872308245800003")));
}

TEST_F(StateFileTest, LosesOnlyATornLastLine) {
  {
    Bench bench(options_);
    bench.create(orders({order("1"), order("2")}));
  }
  std::filesystem::resize_file(options_.state_file, std::filesystem::file_size(options_.state_file) - 5);
  {
    Bench bench(options_);
    EXPECT_EQ(bench.api().memory().applied(), 1U);
    bench.create(orders({order("3")}));
  }
  EXPECT_EQ(Bench(options_).api().memory().applied(), 2U);
}

TEST_F(StateFileTest, SaysWhereItMakesNoSense) {
  std::ofstream(options_.state_file) << "what is this\n";
  Api api(options_);
  const auto loaded = api.load();
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().words, HasSubstr("byte 0"));
}

}  // namespace
}  // namespace sluice::sandbox
