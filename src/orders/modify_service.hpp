#pragma once

#include <array>
#include <string_view>

#include "sluice/orders/service.hpp"

/// POST modifyHostAcceleratePackOrder: the API's page "Update Activated Service Order".
namespace sluice::orders::modify_service {

using namespace std::string_view_literals;
using text::Word;

inline constexpr std::array kOrderId{"orderid"sv, "order_id"sv, "订单号"sv, "订单ID"sv, "订单编号"sv, "加速订单号"sv};
inline constexpr std::array kOldUid{"olduid"sv, "原UID"sv,     "旧UID"sv,     "老UID"sv,
                                    "原uid"sv,  "更换前UID"sv, "变更前UID"sv, "原用户ID"sv};
inline constexpr std::array kNewUid{"newuid"sv, "新UID"sv, "更换后UID"sv, "变更后UID"sv, "新用户ID"sv, "新主播UID"sv};
inline constexpr std::array kNewDouyinId{"newdouyinid"sv, "新抖音号"sv, "更换后抖音号"sv, "变更后抖音号"sv,
                                         "新抖音ID"sv};
inline constexpr std::array kNewNickname{"newnickname"sv, "新昵称"sv, "新抖音昵称"sv, "更换后昵称"sv, "变更后昵称"sv};
inline constexpr std::array kExecuteTime{"executetime"sv,  "执行时间"sv,     "执行日期"sv,
                                         "更新执行时间"sv, "更换执行时间"sv, "变更执行日期"sv};
/// The effect is at 00:00 of the day after executeTime: these headers name that other day.
inline constexpr std::array kDayOfEffect{"生效时间"sv, "生效日期"sv, "生效日"sv};

/// In this order they are written on the wire. newNickname is a string though the page's schema says boolean: its text
/// and the vendor's own client say string.
inline constexpr std::array<FieldSpec, 6> kFields{{
    {"newUid", FieldKind::id, true, kNewUid},
    {"executeTime", FieldKind::execute_date, true, kExecuteTime, kDayOfEffect},
    {"orderId", FieldKind::id, true, kOrderId},
    {"oldUid", FieldKind::id, true, kOldUid},
    {"newDouyinId", FieldKind::douyin_id, true, kNewDouyinId},
    {"newNickname", FieldKind::nickname, false, kNewNickname},
}};

/// newUid, executeTime, oldUid, newDouyinId.
inline constexpr std::array<std::size_t, 4> kTelling{0, 1, 3, 4};

inline constexpr std::array kEchoKeys{"orderId"sv};

inline constexpr std::array<StatusSpec, 10> kStatuses{{
    {1, Disposition::accepted, false, Word::modify_1},
    {2, Disposition::refused, true, Word::modify_2},
    {3, Disposition::refused, false, Word::modify_3},
    {4, Disposition::refused, false, Word::modify_4},
    {5, Disposition::refused, true, Word::modify_5},
    {6, Disposition::overlap, true, Word::modify_6},
    {7, Disposition::refused, true, Word::modify_7},
    {8, Disposition::refused, true, Word::modify_8},
    {9, Disposition::refused, true, Word::modify_9},
    {10, Disposition::retry_later, false, Word::modify_10},
}};

inline constexpr std::array kOughtToDiffer{OughtToDiffer{0, 3}};
static_assert(kFields[0].name == "newUid" && kFields[3].name == "oldUid");

inline constexpr Service kService{
    .id = ServiceId::modify,
    .name = "modify",
    .path = "acdn/volc/hostAcceleratePackRest/modifyHostAcceleratePackOrder",
    .wrapper = "modifyOrders",
    .fields = kFields,
    .telling_fields = kTelling,
    .key_field = 2,
    .subject = subject::kOrderId,
    .echo_keys = kEchoKeys,
    .cross_check = "",
    .cross_check_aliases = {},
    .pair_by_index = true,
    .statuses = kStatuses,
    .overlap_is_ours = Word::modify_6_ours,
    .overlap_on_hold = Word::modify_6_on_hold,
    .overlap_in_file = Word::modify_6_in_file,
    .undone = Word::not_changed,
    .ought_to_differ = kOughtToDiffer,
};
static_assert(kFields[kService.key_field].name == "orderId");

}  // namespace sluice::orders::modify_service
