#include "sluice/pipeline/order_reading.hpp"

#include <gtest/gtest.h>

#include "fake_clock.hpp"

namespace sluice::pipeline {
namespace {

using Names = std::vector<std::string>;
using records::Cell;
using records::CellKind;

const Names kCreate = {"uid", "douyinId", "source", "endMonthTime", "isRenew"};
const Names kModify = {"orderId", "oldUid", "newUid", "newDouyinId", "executeTime"};

records::Format csv(Names header) {
  return {.shape = records::Shape::delimited, .header = std::move(header), .wrapper = {}};
}
records::Format json(std::string wrapper = "") {
  return {.shape = wrapper.empty() ? records::Shape::json_array : records::Shape::json_wrapped,
          .header = {},
          .wrapper = std::move(wrapper)};
}

records::Record object(Names names, const Names& values) {
  records::Record record{.ref = {.row = 1}, .line = 1, .names = std::move(names), .cells = {}};
  for (const auto& value : values) record.cells.push_back({.text = record.cells.keep(value)});
  return record;
}

std::string uid_of(OrderReading& reading, const records::Record& record) {
  const auto judged = reading.judge(record, {.now = kNoon});
  return judged ? std::string(judged->order.key()) : "invalid: " + text::say_all(text::Lang::en, judged.error());
}

TEST(OrderReading, ADelimitedFileIsReadByItsHeader) {
  auto reading = OrderReading::of(csv(kCreate), {}).value();
  EXPECT_EQ(reading.service(), orders::ServiceId::create);
  EXPECT_EQ(uid_of(reading, object({}, {"94", "abc", "联通", "2031-12", "false"})), "94");
  EXPECT_EQ(OrderReading::of(csv(kModify), {})->service(), orders::ServiceId::modify);
}

TEST(OrderReading, AHeaderThatFitsNoServiceSaysSo) {
  const auto reading = OrderReading::of(csv({"uid", "source"}), {});
  ASSERT_FALSE(reading);
  EXPECT_EQ(reading.error().word, text::Word::no_service);
}

/// What a file of JSON tells once these objects have been read: a service's name, or the word of the refusal.
std::string told(const records::Format& format, const std::vector<Names>& objects, std::size_t head = 1) {
  const auto shown = std::vector<Names>(objects.begin(), objects.begin() + static_cast<std::ptrdiff_t>(head));
  auto reading = OrderReading::of(format, shown).value();
  for (const auto& names : objects) uid_of(reading, object(names, Names(names.size(), "1")));
  const auto service = reading.settled_service();
  return service ? std::string(orders::service(*service).name) : text::say(text::Lang::en, service.error());
}

TEST(OrderReading, TheColumnsOfJsonAreTheKeysOfAllItsObjects) {
  for (const auto& create : {json(), json("packOrder")}) {
    EXPECT_EQ(told(create, {{"remark"}, kCreate, {"uid"}}), "create");
    EXPECT_EQ(told(create, {{"uid", "douyinId"}, {"运营商", "endMonthTime"}, {"isRenew", "result"}}), "create");
    EXPECT_TRUE(told(create, {kCreate, kModify}).starts_with("The columns fit several services at once")) << "both";
    const auto neither = told(create, {{"uid", "douyinId", "remark"}, {"endMonthTime", "isRenew"}});
    EXPECT_TRUE(
        neither.starts_with("The columns fit no service. Found: uid, douyinId, endMonthTime, isRenew. Not known: "
                            "remark. Missing, by service: create: ISP(source);"))
        << neither;
    EXPECT_TRUE(told(create, {kCreate, {"生效日期"}}).starts_with("Column \"生效日期\"")) << "a header that is refused";
  }
  EXPECT_EQ(told(json(), {{"remark"}, kModify}), "modify");
}

TEST(OrderReading, AWrapperHasToAgreeWithTheColumns) {
  EXPECT_EQ(
      told(json("packOrder"), {kModify}),
      "The orders stand in \"packOrder\", but their columns are those of modify. Put them into \"modifyOrders\", or "
      "mend the columns");
  EXPECT_TRUE(told(json("modifyOrders"), {kCreate}).contains("into \"packOrder\""));
}

TEST(OrderReading, ColumnsThatNoObjectHasSoundlyRefuseTheFile) {
  auto twice = kCreate;
  twice.push_back("用户ID");
  for (const auto& format : {json(), json("packOrder")}) {
    EXPECT_TRUE(told(format, {twice, twice}).starts_with("Columns \"uid\" and \"用户ID\" both mean"));
    EXPECT_EQ(told(format, {twice, kCreate}), "create");
  }
}

TEST(OrderReading, ManyNamesThatMeanNothingHideNoneThatDoes) {
  Names many;
  for (int i = 0; i < 5000; ++i) many.push_back("x" + std::to_string(i));
  EXPECT_EQ(told(json(), {many, kCreate}), "create");
  EXPECT_LT(told(json(), {many, {"uid"}}).size(), 1000U);
}

TEST(OrderReading, AGuessedServiceIsReadAnewAsWhatTheColumnsTell) {
  const auto guess = OrderReading::of(json(), {{"uid"}}).value();
  EXPECT_EQ(guess.service(), orders::ServiceId::create);
  EXPECT_EQ(OrderReading::of(json(), {{"uid"}}, orders::ServiceId::modify)->service(), orders::ServiceId::modify);
}

TEST(OrderReading, EachObjectHasItsOwnKeyOrder) {
  auto reading = OrderReading::of(json(), {kCreate}).value();
  EXPECT_EQ(uid_of(reading, object(kCreate, {"94", "abc", "联通", "2031-12", "false"})), "94");
  const Names turned = {"isRenew", "endMonthTime", "source", "douyinId", "uid"};
  EXPECT_EQ(uid_of(reading, object(turned, {"false", "2031-12", "联通", "abc", "95"})), "95");
  EXPECT_EQ(uid_of(reading, object(kCreate, {"96", "abc", "联通", "2031-12", "false"})), "96");
}

TEST(OrderReading, AnObjectWithoutARequiredKeyIsInvalidAlone) {
  auto reading = OrderReading::of(json(), {kCreate}).value();
  EXPECT_EQ(uid_of(reading, object({"uid"}, {"94"})).substr(0, 8), "invalid:");
  EXPECT_EQ(uid_of(reading, object(kCreate, {"95", "abc", "联通", "2031-12", "false"})), "95");
}

TEST(OrderReading, AKeyTwiceIsInvalidAlone) {
  auto reading = OrderReading::of(json(), {kCreate}).value();
  auto twice = kCreate;
  twice.push_back("uid");
  EXPECT_EQ(uid_of(reading, object(twice, {"94", "abc", "联通", "2031-12", "false", "95"})).substr(0, 8), "invalid:");
  EXPECT_EQ(uid_of(reading, object(kCreate, {"95", "abc", "联通", "2031-12", "false"})), "95");
}

TEST(OrderReading, WhatTheLedgerRemembersReadsTheSameOrders) {
  const auto record = object(kCreate, {"94", "abc", "联通", "2031-12", "false"});
  auto first = OrderReading::of(json(), {kCreate}).value();
  auto again = OrderReading::known(json(), orders::ServiceId::create, first.names_taken(), text::Lang::en).value();
  EXPECT_EQ(first.judge(record, {.now = kNoon})->order, again.judge(record, {.now = kNoon})->order);
  const auto names = OrderReading::of(csv(kCreate), {})->names_taken();
  for (const auto& stored : {names, std::string()}) {
    auto table = OrderReading::known(csv(kCreate), orders::ServiceId::create, stored, text::Lang::en).value();
    EXPECT_EQ(uid_of(table, object({}, {"94", "abc", "联通", "2031-12", "false"})), "94") << stored;
  }
}

TEST(OrderReading, NamesAreReadAsTheyWereWhenTheFileWasSurveyed) {
  // As if 编号 had been an alias of uid then, and 昵称 none of nickname.
  const auto names = R"({"编号":"uid","douyinId":"douyinId","source":"source","endMonthTime":"endMonthTime",)"
                     R"("isRenew":"isRenew"})";
  const Names header = {"编号", "douyinId", "source", "endMonthTime", "isRenew", "昵称"};
  const Names values = {"94", "abc", "联通", "2031-12", "false", "小明"};
  for (const auto& format : {csv(header), json()}) {
    auto reading = OrderReading::known(format, orders::ServiceId::create, names, text::Lang::zh).value();
    const auto judged = reading.judge(object(header, values), {.now = kNoon});
    ASSERT_TRUE(judged);
    EXPECT_EQ(judged->order.key(), "94");
    EXPECT_EQ(judged->order.element(),
              R"({"douyinId":"abc","source":"联通","uid":"94","endMonthTime":"2031-12","isRenew":false})");
  }
}

TEST(OrderReading, NamesThatMakeNoSenseAreAnError) {
  const auto error = [](std::optional<orders::ServiceId> service, const std::string& names) {
    return OrderReading::known(csv(kModify), service, names, text::Lang::en).error().kind;
  };
  const auto create = orders::ServiceId::create;
  for (const std::string names : {"{", "[]", R"({"uid":1})", R"({"uid":"nobody"})"})
    EXPECT_EQ(error(create, names), ErrorKind::corrupt) << names;
  EXPECT_EQ(error(std::nullopt, ""), ErrorKind::corrupt);
  EXPECT_EQ(error(create, ""), ErrorKind::changed) << "of an earlier version: today's header tells another service";
}

TEST(OrderReading, AJsonNumberKeepsEveryDigit) {
  auto reading = OrderReading::of(json(), {kCreate}).value();
  auto record = object(kCreate, {"17872308245801546", "abc", "联通", "2031-12", "false"});
  record.cells[0].kind = CellKind::number;
  EXPECT_EQ(uid_of(reading, record), "17872308245801546");
}

}  // namespace
}  // namespace sluice::pipeline
