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
  for (const auto& value : values) record.cells.push_back({.text = value});
  return record;
}

std::string uid_of(OrderReading& reading, const records::Record& record) {
  const auto judged = reading.judge(record, {.now = kNoon});
  return judged ? judged->order.key() : "invalid: " + text::say_all(text::Lang::en, judged.error());
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

TEST(OrderReading, JsonIsTheServiceOfTheFirstObjectThatTells) {
  EXPECT_EQ(OrderReading::of(json(), {{"uid"}, kModify, kCreate})->service(), orders::ServiceId::modify);
  const auto none = OrderReading::of(json(), {{"uid"}, {"remark"}});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().word, text::Word::no_service) << "in the words of the first object";
}

TEST(OrderReading, AWrapperTellsTheServiceWhateverItsObjectsHold) {
  EXPECT_EQ(OrderReading::of(json("packOrder"), {{"remark"}})->service(), orders::ServiceId::create);
  EXPECT_EQ(OrderReading::of(json("modifyOrders"), {kCreate})->service(), orders::ServiceId::modify);
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
  auto again = OrderReading::known(json(), orders::ServiceId::create, text::Lang::en);
  EXPECT_EQ(first.judge(record, {.now = kNoon})->order, again.judge(record, {.now = kNoon})->order);
  auto table = OrderReading::known(csv(kCreate), orders::ServiceId::create, text::Lang::en);
  EXPECT_EQ(uid_of(table, object({}, {"94", "abc", "联通", "2031-12", "false"})), "94");
}

TEST(OrderReading, AJsonNumberKeepsEveryDigit) {
  auto reading = OrderReading::of(json(), {kCreate}).value();
  auto record = object(kCreate, {"17872308245801546", "abc", "联通", "2031-12", "false"});
  record.cells[0].kind = CellKind::number;
  EXPECT_EQ(uid_of(reading, record), "17872308245801546");
}

}  // namespace
}  // namespace sluice::pipeline
