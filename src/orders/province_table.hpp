#pragma once

#include <array>
#include <string_view>

#include "vocabulary.hpp"

namespace sluice::orders::province_table {

using namespace std::string_view_literals;

inline constexpr std::array kJing{"燕"sv};
inline constexpr std::array kJiHebei{"HEB"sv};
inline constexpr std::array kMeng{"内蒙"sv, "内"sv, "NMG"sv, "Nei Mongol"sv, "Inner Mongolia"sv};
inline constexpr std::array kHei{"HLJ"sv};
inline constexpr std::array kHu{"申"sv};
inline constexpr std::array kYu{"HEN"sv};
inline constexpr std::array kE{"HUB"sv};
inline constexpr std::array kXiang{"HUN"sv};
inline constexpr std::array kGui{"广西省"sv};
inline constexpr std::array kQiong{"HAIN"sv};
inline constexpr std::array kYuChongqing{"巴"sv};
inline constexpr std::array kChuan{"蜀"sv};
inline constexpr std::array kGuiGuizhou{"黔"sv};
inline constexpr std::array kYun{"滇"sv};
inline constexpr std::array kZang{"Tibet"sv, "西藏省"sv};
inline constexpr std::array kShan{"秦"sv, "SAX"sv, "陜"sv, "陜西"sv};
inline constexpr std::array kGan{"陇"sv};
inline constexpr std::array kNing{"宁夏省"sv};
inline constexpr std::array kXin{"新疆省"sv};
inline constexpr std::array kTai{"臺"sv, "臺灣"sv};
inline constexpr std::array kGang{"Hong Kong"sv, "HongKong"sv};
inline constexpr std::array kAo{"Macau"sv, "Macao"sv};

inline constexpr std::array<Province, 34> kProvinces{{
    {"京", "北京市", "北京", "Beijing", "BJ", "11", kJing},
    {"津", "天津市", "天津", "Tianjin", "TJ", "12"},
    {"冀", "河北省", "河北", "Hebei", "HE", "13", kJiHebei},
    {"晋", "山西省", "山西", "Shanxi", "SX", "14"},
    {"蒙", "内蒙古自治区", "内蒙古", "Neimenggu", "NM", "15", kMeng},
    {"辽", "辽宁省", "辽宁", "Liaoning", "LN", "21"},
    {"吉", "吉林省", "吉林", "Jilin", "JL", "22"},
    {"黑", "黑龙江省", "黑龙江", "Heilongjiang", "HL", "23", kHei},
    {"沪", "上海市", "上海", "Shanghai", "SH", "31", kHu},
    {"苏", "江苏省", "江苏", "Jiangsu", "JS", "32"},
    {"浙", "浙江省", "浙江", "Zhejiang", "ZJ", "33"},
    {"皖", "安徽省", "安徽", "Anhui", "AH", "34"},
    {"闽", "福建省", "福建", "Fujian", "FJ", "35"},
    {"赣", "江西省", "江西", "Jiangxi", "JX", "36"},
    {"鲁", "山东省", "山东", "Shandong", "SD", "37"},
    {"豫", "河南省", "河南", "Henan", "HA", "41", kYu},
    {"鄂", "湖北省", "湖北", "Hubei", "HB", "42", kE},
    {"湘", "湖南省", "湖南", "Hunan", "HN", "43", kXiang},
    {"粤", "广东省", "广东", "Guangdong", "GD", "44"},
    {"桂", "广西壮族自治区", "广西", "Guangxi", "GX", "45", kGui},
    {"琼", "海南省", "海南", "Hainan", "HI", "46", kQiong},
    {"渝", "重庆市", "重庆", "Chongqing", "CQ", "50", kYuChongqing},
    {"川", "四川省", "四川", "Sichuan", "SC", "51", kChuan},
    {"贵", "贵州省", "贵州", "Guizhou", "GZ", "52", kGuiGuizhou},
    {"云", "云南省", "云南", "Yunnan", "YN", "53", kYun},
    {"藏", "西藏自治区", "西藏", "Xizang", "XZ", "54", kZang},
    {"陕", "陕西省", "陕西", "Shaanxi", "SN", "61", kShan},
    {"甘", "甘肃省", "甘肃", "Gansu", "GS", "62", kGan},
    {"青", "青海省", "青海", "Qinghai", "QH", "63"},
    {"宁", "宁夏回族自治区", "宁夏", "Ningxia", "NX", "64", kNing},
    {"新", "新疆维吾尔自治区", "新疆", "Xinjiang", "XJ", "65", kXin},
    {"台", "台湾省", "台湾", "Taiwan", "TW", "71", kTai, true},
    {"港", "香港特别行政区", "香港", "Xianggang", "HK", "81", kGang, true},
    {"澳", "澳门特别行政区", "澳门", "Aomen", "MO", "82", kAo, true},
}};

inline constexpr std::array kHn{"湘"sv, "豫"sv, "琼"sv};
inline constexpr std::array kHb{"鄂"sv, "冀"sv};
inline constexpr std::array kSx{"晋"sv, "陕"sv};
inline constexpr std::array kGz{"贵"sv};
inline constexpr std::array kHa{"豫"sv};  // ISO, but unfamiliar

inline constexpr std::array<AmbiguousProvince, 6> kAmbiguous{{
    {"HN", kHn},
    {"HB", kHb},
    {"SX", kSx},
    {"shanxi", kSx},
    {"GZ", kGz, "广州市", "the city of Guangzhou"},
    {"HA", kHa},
}};

/// A brief name or an alternative is taken with its own kind's suffix too: 广西自治区, 陜西省.
inline constexpr std::array kSuffixes{"省"sv, "市"sv, "特别行政区"sv, "自治区"sv};

}  // namespace sluice::orders::province_table
