#include "api.hpp"

#include <gtest/gtest.h>

#include "sluice/orders/answer.hpp"
#include "sluice/orders/order.hpp"

namespace sluice::simulation {
namespace {

using namespace std::chrono_literals;

orders::Order order(const std::string& uid) {
  const auto douyin_id = "dy" + uid;
  const auto fields = orders::service(orders::ServiceId::create).fields;
  orders::Order::Values values;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == "uid") values[i] = uid;
    if (fields[i].name == "douyinId") values[i] = douyin_id;
    if (fields[i].name == "endMonthTime") values[i] = "2031-12";
    if (fields[i].name == "isRenew") values[i] = "false";
    if (fields[i].name == "source") values[i] = "联通";
  }
  return {orders::ServiceId::create, values};
}

class ApiTest : public testing::Test {
 protected:
  Api make() {
    return Api(scenario, weather, Random(1), trace,
               {.applied = [this](std::uint64_t post, std::size_t index) { applied.emplace_back(post, index); },
                .violated = [this](std::string words) { violations.push_back(std::move(words)); }});
  }
  Request request(std::uint64_t post, const std::vector<orders::Order>& orders) {
    return {.post = post,
            .path = std::string(orders::service(orders::ServiceId::create).path),
            .body = orders::body(orders),
            .credential = 1};
  }
  orders::Answer read(const Reply& reply, const std::vector<orders::Order>& sent) {
    return orders::read_answer(reply.http, sent, WallTime{} + std::chrono::days(20'500));
  }

  Scenario scenario;
  Weather weather;
  Trace trace{false};
  std::vector<std::pair<std::uint64_t, std::size_t>> applied;
  std::vector<std::string> violations;
};

TEST_F(ApiTest, TakesAnOrderOnceWhereTheGuardIsOn) {
  Api api = make();
  const std::vector sent{order("1"), order("2")};
  const auto first = read(api.arrive(0s, request(1, sent), nullptr), sent);
  const auto second = read(api.arrive(2s, request(2, sent), nullptr), sent);
  ASSERT_EQ(first.what, orders::AnswerClass::answered);
  EXPECT_EQ(first.rows[0]->status, 1);
  EXPECT_EQ(second.rows[1]->status, 6);
  EXPECT_EQ(applied.size(), 2);
}

TEST_F(ApiTest, TakesItTwiceWhereTheGuardIsOff) {
  scenario.overlap_guard = false;
  Api api = make();
  const std::vector sent{order("1")};
  (void)api.arrive(0s, request(1, sent), nullptr);
  (void)api.arrive(2s, request(2, sent), nullptr);
  EXPECT_EQ(applied.size(), 2);
}

TEST_F(ApiTest, CallsOutOneRequestTooManyInAnyWindow) {
  scenario.settings.rate.requests = 2;
  Api api = make();
  for (const Nanos at : {0ms, 500ms, 1000ms, 1500ms}) (void)api.arrive(at, request(1, {order("1")}), nullptr);
  EXPECT_TRUE(violations.empty());
  const auto reply = api.arrive(1999ms, request(2, {order("2")}), nullptr);
  EXPECT_EQ(reply.http.status, 429);
  ASSERT_EQ(violations.size(), 1);
  EXPECT_TRUE(violations[0].starts_with("I5"));
}

TEST_F(ApiTest, DoesNotBlameUsForALateArrival) {
  scenario.settings.rate.requests = 1;
  Api api = make();
  (void)api.arrive(0ms, request(1, {order("1")}), nullptr);
  auto late = request(2, {order("2")});
  late.late = true;
  EXPECT_EQ(api.arrive(10ms, late, nullptr).http.status, 429);
  EXPECT_TRUE(violations.empty());
}

TEST_F(ApiTest, RefusesAnotherCredentialAndAppliesNothing) {
  Api api = make();
  api.credential = 2;
  const std::vector sent{order("1")};
  EXPECT_EQ(read(api.arrive(0s, request(1, sent), nullptr), sent).what, orders::AnswerClass::unauthorized);
  EXPECT_TRUE(applied.empty());
}

TEST_F(ApiTest, EveryLieReadsAsTheClassItsCertaintyClaims) {
  scenario.no_can_be_untrue = true;
  const std::vector sent{order("1"), order("2")};
  for (const auto& lie : lies()) {
    Api api = make();
    const Reply reply = api.arrive(0s, request(1, sent), &lie);
    const auto answer = read(reply, sent);
    // Whatever can have applied must be read as maybe, or as answered with rows missing; never as certain.
    const bool maybe = orders::maybe_applied(answer.what) || answer.what == orders::AnswerClass::answered;
    EXPECT_EQ(lie.can_apply, maybe) << lie.name << " read as " << orders::name(answer.what);
    EXPECT_EQ(reply.certainty == Certainty::maybe, lie.can_apply) << lie.name;
  }
}

TEST_F(ApiTest, ItsDialectsAreAllUnderstood) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed);
    const auto& create = orders::service(orders::ServiceId::create);
    const std::vector sent{order("1"), order("2"), order("3")};
    const auto arrived = read_body(create, orders::body(sent));
    ASSERT_TRUE(arrived);
    orders::HttpReply reply{.status = 200, .content_type = "application/json"};
    reply.body = honest_body(create, *arrived, {{1, "11"}, {2, ""}, {9, ""}}, {true, true, true}, random).bytes;
    const auto answer = read({.http = reply}, sent);
    ASSERT_EQ(answer.what, orders::AnswerClass::answered) << reply.body;
    EXPECT_EQ(answer.rows[0]->status, 1) << reply.body;
    EXPECT_EQ(answer.rows[1]->status, 2) << reply.body;
    EXPECT_EQ(answer.rows[2]->status, 9) << reply.body;
  }
}

TEST_F(ApiTest, ReadsNoBodyThatThePagesDoNotAllow) {
  const auto& create = orders::service(orders::ServiceId::create);
  EXPECT_TRUE(read_body(create, R"({"packOrder":[{"uid":"1","isRenew":true}]})"));
  EXPECT_FALSE(read_body(create, R"({"packOrder":[{"uid":1,"isRenew":true}]})"));
  EXPECT_FALSE(read_body(create, R"({"packOrder":[{"uid":"1","isRenew":"true"}]})"));
  EXPECT_FALSE(read_body(create, R"({"packOrder":[{"uid":"1","unknown":"x"}]})"));
  EXPECT_FALSE(read_body(create, R"({"packOrder":[]})"));
}

}  // namespace
}  // namespace sluice::simulation
