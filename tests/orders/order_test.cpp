#include "sluice/orders/order.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "orders/sample.hpp"

namespace sluice::orders {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Body, IsTheApisShapeByteForByte) {
  const std::vector<Order> create = {Row::create().order()};
  EXPECT_EQ(body(create),
            R"({"packOrder":[{"douyinId":"abc","source":"联通","uid":"94","province":"粤","endMonthTime":"2024-03",)"
            R"("isRenew":false,"nickname":"Zhong Yong"}]})");
  const std::vector<Order> modify = {Row::modify().order(), Row::modify().with("newNickname", "").order()};
  EXPECT_EQ(body(modify),
            R"({"modifyOrders":[{"newUid":"76304453594","executeTime":"2024-01-20","orderId":"17872308245801546",)"
            R"("oldUid":"72589073778","newDouyinId":"yan158hi5380","newNickname":"新人"},)"
            R"({"newUid":"76304453594","executeTime":"2024-01-20","orderId":"17872308245801546",)"
            R"("oldUid":"72589073778","newDouyinId":"yan158hi5380"}]})");
}

TEST(Body, IsMadeOfItsElements) {
  const std::vector<Order> orders = {Row::create().order(), Row::create().with("uid", "95").order()};
  EXPECT_EQ(body(orders),
            "{\"packOrder\":[" + std::string(orders[0].element()) + "," + std::string(orders[1].element()) + "]}");
}

TEST(Body, EscapesWhatAGatewayWouldStrip) {
  const std::vector<Order> orders = {Row::create().with("nickname", "<b>\"A&B\"\\</b>").order()};
  EXPECT_THAT(body(orders), HasSubstr(R"("\u003cb\u003e\"A\u0026B\"\\\u003c/b\u003e")"));
  EXPECT_THAT(body(orders), Not(HasSubstr("<")));
}

TEST(Body, ReadsBackAsWhatWasMeant) {
  const std::string nickname = "<&>\"\\/名👨‍👩‍👧\x7f";
  const std::string lines = nickname + '\n' + '\0';
  const Order plain = Row::create().order();
  auto values = plain.values();
  values[6] = lines;
  const Order order(ServiceId::create, values);
  const auto root = boost::json::parse(body({&order, 1}));
  const auto& element = root.at("packOrder").at(0).as_object();
  EXPECT_EQ(element.at("nickname").as_string(), lines);
  EXPECT_EQ(order.value(6), lines);
  EXPECT_TRUE(element.at("isRenew").is_bool());
  EXPECT_TRUE(element.at("uid").is_string());
}

TEST(Order, GivesItsValuesBackWhereverItIsMovedTo) {
  auto order = Row::create().with("nickname", "<b>\"A&B\"\\</b>").with("province", "").order();
  const auto copy = order;
  const auto moved = std::move(order);
  for (const auto& one : {copy, moved}) {
    EXPECT_EQ(one.value(0), "abc");
    EXPECT_EQ(one.value(3), std::nullopt);
    EXPECT_EQ(one.value(5), "false");
    EXPECT_EQ(one.value(6), "<b>\"A&B\"\\</b>");
    EXPECT_EQ(one, Order(ServiceId::create, one.values()));
  }
}

TEST(OrderHash, IsTheSameOnEveryMachineAndVersion) {
  // Stored in the ledger: a change here makes every remembered order unknown. The
  // numbers were computed apart from this code.
  EXPECT_EQ(Row::create().order().hash(), 11558967394406923768U);
}

TEST(OrderHash, KeepsTheStoredKeysOfBothServices) {
  EXPECT_EQ(Row::create().order().key_hash(), 7021996455830116972U);
  EXPECT_EQ(Row::modify().order().key_hash(), 8423554969186934513U);
}

TEST(OrderHash, DiffersWhereverTheOrdersDiffer) {
  const Order order = Row::create().order();
  for (const auto& [column, other] : std::vector<std::pair<std::string, std::string>>{{"douyinId", "abd"},
                                                                                      {"source", "移动"},
                                                                                      {"uid", "95"},
                                                                                      {"province", ""},
                                                                                      {"endMonthTime", "2024-03-31"},
                                                                                      {"isRenew", "true"},
                                                                                      {"nickname", ""}}) {
    const Order changed = Row::create().with(column, other).order();
    EXPECT_NE(changed, order) << column;
    EXPECT_NE(changed.hash(), order.hash()) << column;
    EXPECT_EQ(changed.key_hash() == order.key_hash(), column != "uid") << column;
  }
}

TEST(OrderHash, DoesNotMindHowTheFileWroteTheValues) {
  const Order written = Row::create()
                            .with("source", "China Unicom")
                            .with("uid", "'94")
                            .with("province", "guangdong")
                            .with("endMonthTime", "2024年3月")
                            .with("isRenew", "否")
                            .order();
  EXPECT_EQ(written, Row::create().order());
  EXPECT_EQ(written.hash(), Row::create().order().hash());
}

TEST(OrderHash, KeepsTheKeysOfUidsAndOrdersApart) {
  const Order create = Row::create().with("uid", "17872308245801546").order();
  EXPECT_EQ(create.key(), Row::modify().order().key());
  EXPECT_NE(create.key_hash(), Row::modify().order().key_hash());
}

}  // namespace
}  // namespace sluice::orders
