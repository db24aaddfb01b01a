#pragma once

#include <array>
#include <string_view>

#include "sluice/orders/service.hpp"

/// POST createHostAcceleratePackOrder: the API's page "Create Live Acceleration Order".
namespace sluice::orders::create_service {

using namespace std::string_view_literals;
using text::Word;

inline constexpr std::array kDouyinId{"douyinid"sv, "douyin_id"sv,  "抖音号"sv, "抖音ID"sv,  "抖音账号"sv,
                                      "抖音帐号"sv, "主播抖音号"sv, "dyid"sv,   "抖音号ID"sv};
inline constexpr std::array kUid{"uid"sv,     "用户ID"sv, "用户id"sv,  "抖音UID"sv,
                                 "主播UID"sv, "主播ID"sv, "用户UID"sv, "userid"sv};
inline constexpr std::array kNickname{"nickname"sv, "昵称"sv,     "抖音昵称"sv, "主播昵称"sv,
                                      "名称"sv,     "主播名称"sv, "主播名"sv};
inline constexpr std::array kSource{"source"sv, "isp"sv,  "运营商"sv, "网络运营商"sv,
                                    "网络"sv,   "线路"sv, "宽带"sv,   "宽带运营商"sv};
inline constexpr std::array kProvince{"province"sv, "省份"sv,     "省"sv,   "所在省份"sv,
                                      "当前省份"sv, "归属省份"sv, "地区"sv, "省份简称"sv};
inline constexpr std::array kIsRenew{"isrenew"sv,      "renew"sv,        "是否续费"sv, "自动续费"sv,
                                     "是否自动续费"sv, "按月自动续费"sv, "续费"sv,     "包月续费"sv};
inline constexpr std::array kEndMonthTime{"endmonthtime"sv, "endtime"sv,      "结束时间"sv, "到期时间"sv, "结束月份"sv,
                                          "到期月份"sv,     "服务结束时间"sv, "截止时间"sv, "截止月份"sv, "到期日"sv};

/// In this order they are written on the wire.
inline constexpr std::array<FieldSpec, 7> kFields{{
    {"douyinId", FieldKind::douyin_id, true, kDouyinId},
    {"source", FieldKind::isp, true, kSource, {}, "ISP"},
    {"uid", FieldKind::id, true, kUid},
    {"province", FieldKind::province, false, kProvince},
    {"endMonthTime", FieldKind::end_month, true, kEndMonthTime},
    {"isRenew", FieldKind::boolean, true, kIsRenew},
    {"nickname", FieldKind::nickname, false, kNickname},
}};

/// douyinId, source, endMonthTime, isRenew.
inline constexpr std::array<std::size_t, 4> kTelling{0, 1, 4, 5};

inline constexpr std::array kEchoKeys{"uid"sv};
inline constexpr std::array kDouyinIdEchoes{"douyinUid"sv};

inline constexpr std::array<StatusSpec, 9> kStatuses{{
    {1, Disposition::accepted, false, Word::create_1},
    {2, Disposition::refused, false, Word::create_2},
    {3, Disposition::refused, false, Word::create_3},
    {4, Disposition::refused, false, Word::create_4},
    {5, Disposition::refused, true, Word::create_5},
    {6, Disposition::overlap, true, Word::create_6},
    {7, Disposition::refused, false, Word::create_7},
    {8, Disposition::refused, false, Word::create_8},
    {9, Disposition::retry_later, false, Word::create_9},
}};

inline constexpr Service kService{
    .id = ServiceId::create,
    .name = "create",
    .path = "acdn/volc/hostAcceleratePackRest/createHostAcceleratePackOrder",
    .wrapper = "packOrder",
    .fields = kFields,
    .telling_fields = kTelling,
    .key_field = 2,
    .subject = subject::kUid,
    .echo_keys = kEchoKeys,
    .cross_check = "douyinId",
    .cross_check_aliases = kDouyinIdEchoes,
    .pair_by_index = false,
    .statuses = kStatuses,
    .overlap_is_ours = Word::create_6_ours,
    .overlap_on_hold = Word::create_6_on_hold,
    .overlap_in_file = Word::create_6_in_file,
    .undone = Word::not_placed,
    .ought_to_differ = {},
};
static_assert(kFields[kService.key_field].name == "uid");

}  // namespace sluice::orders::create_service
