#include "sandbox/order_memory.hpp"

#include <gtest/gtest.h>

namespace sluice::sandbox {
namespace {

const WallTime kNow = parse_instant("2024-01-17T10:00:00+08:00").value();  // activates on the 18th
constexpr auto kDay = std::chrono::days(1);

CreateOrder order(std::string_view uid = "94") {
  return {.douyin_id = "70",
          .uid = uid,
          .source = "联通",
          .end_month_time = "2024-02",
          .nickname = "Zhong Yong",
          .province = "粤",
          .is_renew = false};
}

UpdateOrder update(std::string_view order_id) {
  return {.order_id = order_id,
          .old_uid = "94",
          .new_uid = "95",
          .new_douyin_id = "71",
          .execute_time = "2024-01-20",
          .new_nickname = "New"};
}

TEST(OrderMemory, PlacesAnOrderWithALongIdAndItsDays) {
  OrderMemory memory{Rules{}};
  const Placed placed = memory.create(order(), kNow);
  EXPECT_EQ(placed.status, 1);
  EXPECT_EQ(placed.order_id.size(), 17U);
  EXPECT_EQ(to_text(placed.start.value()), "2024-01-18");
  EXPECT_EQ(to_text(placed.end.value()), "2024-02-29");
  EXPECT_EQ(memory.applied(), 1U);
}

struct CreateCase {
  const char* why;
  int status;
  void (*spoil)(CreateOrder&);
};

TEST(OrderMemory, AnswersEachStatusOfTheCreatePageForItsCause) {
  const CreateCase cases[] = {
      {"another Douyin id of a known uid", 2, [](CreateOrder& o) { o.uid = "1", o.douyin_id = "other"; }},
      {"nickname of 21 characters", 3,
       [](CreateOrder& o) { o.nickname = "一二三四五六七八九十一二三四五六七八九十一"; }},
      {"month without its zero", 4, [](CreateOrder& o) { o.end_month_time = "2024-2"; }},
      {"ends on the activation day", 5, [](CreateOrder& o) { o.end_month_time = "2024-01-18"; }},
      {"same time again", 6, [](CreateOrder& o) { o.uid = "1"; }},
      {"province by its full name", 7, [](CreateOrder& o) { o.province = "广东"; }},
      {"two provinces' halves", 7, [](CreateOrder& o) { o.province = std::string_view("京津").substr(1, 3); }},
      {"ISP in English", 8, [](CreateOrder& o) { o.source = "China Unicom"; }},
  };
  for (const CreateCase& c : cases) {
    OrderMemory memory{Rules{}};
    ASSERT_EQ(memory.create(order("1"), kNow).status, 1);
    CreateOrder spoiled = order("2");
    c.spoil(spoiled);
    EXPECT_EQ(memory.create(spoiled, kNow).status, c.status) << c.why;
    EXPECT_EQ(memory.applied(), 1U) << c.why;
  }
}

TEST(OrderMemory, TakesANicknameOfTwentyCharactersAndAnOrderWithoutOptionalFields) {
  OrderMemory memory{Rules{}};
  CreateOrder longest = order("1");
  longest.nickname = "一二三四五六七八九十一二三四五六七八九十";
  EXPECT_EQ(memory.create(longest, kNow).status, 1);
  CreateOrder bare = order("2");
  bare.nickname.reset();
  bare.province.reset();
  EXPECT_EQ(memory.create(bare, kNow).status, 1);
}

TEST(OrderMemory, TakesTheNextOrderOnceTheFirstHasEnded) {
  OrderMemory memory{Rules{}};
  CreateOrder first = order();
  first.end_month_time = "2024-01-20";
  EXPECT_EQ(memory.create(first, kNow).status, 1);
  EXPECT_EQ(memory.create(order(), kNow + 2 * kDay).status, 6);  // would start on the 20th
  EXPECT_EQ(memory.create(order(), kNow + 3 * kDay).status, 1);
}

TEST(OrderMemory, NeverEndsARenewingOrder) {
  OrderMemory memory{Rules{}};
  CreateOrder renewing = order();
  renewing.is_renew = true;
  EXPECT_EQ(memory.create(renewing, kNow).status, 1);
  CreateOrder later = order();
  later.end_month_time = "2030-01";
  EXPECT_EQ(memory.create(later, kNow + 1000 * kDay).status, 6);
}

TEST(OrderMemory, WithoutItsGuardAppliesDuplicatesAndCountsThem) {
  OrderMemory memory{Rules{.overlap_guard = false}};
  CreateOrder other = order();
  other.end_month_time = "2024-03";
  EXPECT_EQ(memory.create(order(), kNow).status, 1);
  EXPECT_EQ(memory.create(other, kNow).status, 1);
  EXPECT_EQ(memory.applied_again(), 0U);
  EXPECT_EQ(memory.create(order(), kNow).status, 1);
  EXPECT_EQ(memory.applied(), 3U);
  EXPECT_EQ(memory.applied_again(), 1U);
  EXPECT_EQ(memory.of_uid("94").size(), 3U);
}

struct UpdateCase {
  const char* why;
  int status;
  void (*spoil)(UpdateOrder&);
};

TEST(OrderMemory, AnswersEachStatusOfTheModifyPageForItsCause) {
  const UpdateCase cases[] = {
      {"all is well", 1, [](UpdateOrder&) {}},
      {"the order is somebody else's", 2, [](UpdateOrder& u) { u.old_uid = "1"; }},
      {"new uid known with another Douyin id", 3, [](UpdateOrder& u) { u.new_uid = "1"; }},
      {"nickname too long", 4, [](UpdateOrder& u) { u.new_nickname = "123456789012345678901"; }},
      {"no such order", 5, [](UpdateOrder& u) { u.order_id = "17"; }},
      {"yesterday", 8, [](UpdateOrder& u) { u.execute_time = "2024-01-16"; }},
      {"not a date", 8, [](UpdateOrder& u) { u.execute_time = "tomorrow"; }},
  };
  for (const UpdateCase& c : cases) {
    OrderMemory memory{Rules{}};
    ASSERT_EQ(memory.create(order("1"), kNow).status, 1);
    const Placed placed = memory.create(order(), kNow);
    UpdateOrder spoiled = update(placed.order_id);
    c.spoil(spoiled);
    EXPECT_EQ(memory.update(spoiled, kNow), c.status) << c.why;
  }
}

TEST(OrderMemory, RefusesASecondUpdateWhileOneIsPending) {
  OrderMemory memory{Rules{}};
  const Placed placed = memory.create(order(), kNow);
  EXPECT_EQ(memory.update(update(placed.order_id), kNow), 1);
  EXPECT_EQ(memory.update(update(placed.order_id), kNow), 6);
  EXPECT_EQ(memory.applied(), 2U);
}

TEST(OrderMemory, LetsAnUpdateTakeEffectTheDayAfterItExecutes) {
  OrderMemory memory{Rules{}};
  const Placed placed = memory.create(order(), kNow);
  ASSERT_EQ(memory.update(update(placed.order_id), kNow), 1);  // executes on the 20th
  UpdateOrder back = update(placed.order_id);
  back.old_uid = "95";
  back.new_uid = "94";
  back.new_douyin_id = "70";
  back.execute_time = "2024-01-25";
  EXPECT_EQ(memory.update(back, kNow + 3 * kDay), 2);  // on the 20th it is still 94's
  EXPECT_EQ(memory.update(back, kNow + 4 * kDay), 1);
  EXPECT_EQ(memory.of_uid("95").size(), 1U);
  EXPECT_TRUE(memory.of_uid("94").empty());
}

TEST(OrderMemory, RefusesUpdatesOfAnOrderThatHasEnded) {
  OrderMemory memory{Rules{}};
  const Placed placed = memory.create(order(), kNow);
  EXPECT_EQ(memory.update(update(placed.order_id), kNow + 60 * kDay), 7);
}

TEST(OrderMemory, RefusesMoreUpdatesThanTheLimit) {
  OrderMemory memory{Rules{.update_limit = 1}};
  const Placed placed = memory.create(order(), kNow);
  ASSERT_EQ(memory.update(update(placed.order_id), kNow), 1);
  UpdateOrder second = update(placed.order_id);
  second.old_uid = "95";
  second.execute_time = "2024-01-25";
  EXPECT_EQ(memory.update(second, kNow + 5 * kDay), 9);
}

TEST(OrderMemory, KnowsOrdersThatItDidNotApply) {
  OrderMemory memory{Rules{}};
  CreateOrder known = order();
  known.is_renew = true;
  memory.know(known, "17872308245801546", Day{});
  EXPECT_EQ(memory.applied(), 0U);
  EXPECT_EQ(memory.update(update("17872308245801546"), kNow), 1);
}

}  // namespace
}  // namespace sluice::sandbox
