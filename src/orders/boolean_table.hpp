#pragma once

#include <array>
#include <string_view>

namespace sluice::orders::boolean_table {

using namespace std::string_view_literals;

inline constexpr std::array kYes{"true"sv, "1"sv,    "1.0"sv,  "y"sv,    "yes"sv,      "t"sv,  "on"sv, "是"sv, "对"sv,
                                 "开"sv,   "开启"sv, "启用"sv, "续费"sv, "自动续费"sv, "续"sv, "要"sv, "√"sv,  "✓"sv};
inline constexpr std::array kNo{"false"sv, "0"sv,    "0.0"sv,  "n"sv,      "no"sv,   "f"sv,    "off"sv, "否"sv, "不"sv,
                                "关"sv,    "关闭"sv, "停用"sv, "不续费"sv, "不续"sv, "不要"sv, "无"sv,  "×"sv,  "✗"sv};

}  // namespace sluice::orders::boolean_table
