#include "sluice/orders/service.hpp"

#include <gmock/gmock.h>

#include <set>

namespace sluice::orders {
namespace {

using testing::ElementsAre;

std::vector<std::string_view> names(const Service& service, bool required) {
  std::vector<std::string_view> names;
  for (const auto& field : service.fields)
    if (field.required == required) names.push_back(field.name);
  return names;
}

TEST(Services, AreTheApisTwoPages) {
  const auto& create = service(ServiceId::create);
  EXPECT_EQ(create.path, "acdn/volc/hostAcceleratePackRest/createHostAcceleratePackOrder");
  EXPECT_EQ(create.wrapper, "packOrder");
  EXPECT_THAT(names(create, true), ElementsAre("douyinId", "source", "uid", "endMonthTime", "isRenew"));
  EXPECT_THAT(names(create, false), ElementsAre("province", "nickname"));
  EXPECT_EQ(create.fields[create.key_field].name, "uid");

  const auto& modify = service(ServiceId::modify);
  EXPECT_EQ(modify.path, "acdn/volc/hostAcceleratePackRest/modifyHostAcceleratePackOrder");
  EXPECT_EQ(modify.wrapper, "modifyOrders");
  EXPECT_THAT(names(modify, true), ElementsAre("newUid", "executeTime", "orderId", "oldUid", "newDouyinId"));
  EXPECT_THAT(names(modify, false), ElementsAre("newNickname"));
  EXPECT_EQ(modify.fields[modify.key_field].name, "orderId");
}

TEST(Services, KnowEveryStatusOfTheirPageOnce) {
  const auto numbers = [](const Service& service) {
    std::vector<int> numbers;
    for (const auto& status : service.statuses) numbers.push_back(status.status);
    return numbers;
  };
  EXPECT_THAT(numbers(service(ServiceId::create)), ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9));
  EXPECT_THAT(numbers(service(ServiceId::modify)), ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
  EXPECT_EQ(find_status(service(ServiceId::create), 10), nullptr);
  EXPECT_EQ(find_status(service(ServiceId::create), 0), nullptr);
}

TEST(Services, NumberNineMeansOneThingForCreateAndAnotherForModify) {
  EXPECT_EQ(find_status(service(ServiceId::create), 9)->disposition, Disposition::retry_later);
  EXPECT_EQ(find_status(service(ServiceId::modify), 9)->disposition, Disposition::refused);
  EXPECT_EQ(find_status(service(ServiceId::modify), 10)->disposition, Disposition::retry_later);
}

TEST(Services, AreToldApartByIdAndName) {
  std::set<ServiceId> ids;
  std::set<std::string_view> names;
  std::set<std::string_view> wrappers;
  for (const auto& each : services()) {
    ids.insert(each.id);
    names.insert(each.name);
    wrappers.insert(each.wrapper);
    EXPECT_EQ(service(each.id).name, each.name);
  }
  EXPECT_EQ(ids.size(), services().size());
  EXPECT_EQ(names.size(), services().size());
  EXPECT_EQ(wrappers.size(), services().size());
}

}  // namespace
}  // namespace sluice::orders
