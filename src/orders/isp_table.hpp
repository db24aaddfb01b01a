#pragma once

#include <array>
#include <string_view>

#include "vocabulary.hpp"

namespace sluice::orders::isp_table {

using namespace std::string_view_literals;

inline constexpr std::array kUnicom{"中国联通"sv, "联通宽带"sv, "联通网络"sv,     "中国联合网络通信"sv,
                                    "网通"sv,     "中国网通"sv, "China Unicom"sv, "ChinaUnicom"sv,
                                    "Unicom"sv,   "CUCC"sv,     "CUC"sv,          "CU"sv,
                                    "CNC"sv,      "LT"sv};
inline constexpr std::array kMobile{"中国移动"sv, "移动宽带"sv, "移动网络"sv, "China Mobile"sv, "ChinaMobile"sv,
                                    "Mobile"sv,   "CMCC"sv,     "CM"sv,       "CMNET"sv,        "YD"sv};
inline constexpr std::array kTelecom{"中国电信"sv,     "电信宽带"sv, "电信网络"sv, "China Telecom"sv,
                                     "ChinaTelecom"sv, "Telecom"sv,  "CTCC"sv,     "CTC"sv,
                                     "CT"sv,           "Chinanet"sv, "DX"sv};
inline constexpr std::array kUnsupported{"广电"sv,     "中国广电"sv, "CBN"sv,  "铁通"sv, "教育网"sv, "CERNET"sv,
                                         "长城宽带"sv, "鹏博士"sv,   "华数"sv, "天威"sv, "歌华"sv};

inline constexpr std::array<Isp, 4> kIsps{{
    {"联通", kUnicom},
    {"移动", kMobile},
    {"电信", kTelecom},
    {"", kUnsupported, false},
}};

}  // namespace sluice::orders::isp_table
