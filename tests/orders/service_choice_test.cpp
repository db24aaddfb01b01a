#include "orders/service_choice.hpp"

#include <gmock/gmock.h>

#include <array>

#include "orders/told_apart.hpp"

namespace sluice::orders {
namespace {

using testing::HasSubstr;
using text::Word;
using Names = std::vector<std::string>;

constexpr std::array<FieldSpec, 2> kCancelFields{{
    {"orderId", FieldKind::id, true, {}},
    {"uid", FieldKind::id, true, {}},
}};

/// A third service, whose columns others have too.
Service cancel() {
  Service table = service(ServiceId::create);
  table.id = ServiceId{3};
  table.name = "cancel";
  table.fields = kCancelFields;
  table.telling_fields = {};
  table.key_field = 0;
  return table;
}

/// The service's name, or the words of the refusal.
std::string chosen(const Names& names) {
  const std::array three = {services()[0], services()[1], cancel()};
  const KnownColumns columns(three);
  const auto reading = choose_service(columns.read_as_each(names, {}), names);
  return reading ? std::string(reading->service->name) : text::say(text::Lang::en, reading.error());
}

TEST(ChooseService, ThreeServicesAreToldByTheirColumns) {
  EXPECT_EQ(chosen({"uid", "douyinId", "source", "endMonthTime", "isRenew"}), "create");
  EXPECT_EQ(chosen({"orderId", "oldUid", "newUid", "newDouyinId", "executeTime", "remark"}), "modify");
  EXPECT_EQ(chosen({"orderId", "uid", "remark", "nickname"}), "cancel");
}

TEST(ChooseService, AMisspelledColumnMakesNoOrderACancellation) {
  EXPECT_THAT(chosen({"uid", "douyinId", "source", "endMnthTime", "isRenew", "orderId"}),
              HasSubstr("The columns are all that cancel needs, but douyinId, source, endMnthTime, isRenew belong to "
                        "create, which lacks: endMonthTime."));
  EXPECT_THAT(chosen({"uid", "orderId", "newUi"}), HasSubstr("but newUi belong to modify")) << "misspelled itself";
  EXPECT_THAT(chosen({"orderId", "uid", "新UID"}), HasSubstr("but 新UID belong to modify"));
}

TEST(ChooseService, AServiceToldByItsOwnColumnsMayCarryAnothersColumns) {
  EXPECT_EQ(chosen({"orderId", "oldUid", "newUid", "newDouyinId", "executeTime", "source"}), "modify");
}

TEST(AreToldApart, OnlyWhereEachTellingColumnIsOneServicesAlone) {
  const std::array ours = {services()[0], services()[1]};
  EXPECT_TRUE(are_told_apart(ours));
  EXPECT_TRUE(are_told_apart(std::array{ours[0], ours[1], cancel()}));

  auto second = cancel();
  second.id = ServiceId{4};
  EXPECT_FALSE(are_told_apart(std::array{ours[0], ours[1], cancel(), second})) << "two that no column tells";

  static constexpr std::array<std::size_t, 1> kShared = {1};
  auto shared = cancel();
  shared.telling_fields = kShared;
  EXPECT_FALSE(are_told_apart(std::array{ours[0], ours[1], shared})) << "create knows a uid, too";

  static constexpr std::array<std::size_t, 1> kOptional = {6};
  auto optional = ours[0];
  optional.telling_fields = kOptional;
  EXPECT_FALSE(are_told_apart(std::array{optional, ours[1]})) << "a column that need not be there";
}

TEST(AreToldApart, HeadersThatReadAlikeAreOne) {
  EXPECT_TRUE(same_header("end_Month Time", "endmonthtime"));
  EXPECT_FALSE(same_header("uid", "uids"));
  EXPECT_FALSE(same_header("", "uid"));
  EXPECT_TRUE(same_header("_", ""));
}

TEST(Services, NoHeaderOfATellingFieldMeansAnythingToAnotherService) {
  for (const auto& each : services()) {
    for (const auto f : each.telling_fields) {
      for (const auto& other : services()) {
        if (other.id == each.id) continue;
        for (const auto alias : each.fields[f].aliases)
          EXPECT_EQ(KnownColumns::ours().find(other, alias), nullptr) << alias;
      }
    }
  }
}

}  // namespace
}  // namespace sluice::orders
