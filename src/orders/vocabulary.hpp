#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace sluice::orders {

/// What the API takes for provinces, networks and yes/no, and how people write it. Source: docs/api.md, Names people
/// write.

struct Province {
  std::string_view wire;   ///< what the API takes: 粤
  std::string_view name;   ///< 广东省
  std::string_view brief;  ///< 广东
  std::string_view pinyin;
  std::string_view iso;  ///< ISO 3166-2:CN, without "CN-"
  std::string_view gb;   ///< GB/T 2260, first two digits
  std::span<const std::string_view> alt = {};
  bool unverified = false;  ///< whether the API takes it is not known
};

/// A way of writing that more than one province (or a city) may be meant by.
struct AmbiguousProvince {
  std::string_view written;
  std::span<const std::string_view> candidates;  ///< Province::wire
  std::string_view city = {};                    ///< that it often means instead: 广州
  std::string_view city_pinyin = {};
};

struct Isp {
  std::string_view wire;  ///< what the API takes: 联通
  std::span<const std::string_view> aliases;
  bool supported = true;
};

/// At most one of the two; none: unknown.
struct ProvinceMatch {
  const Province* province = nullptr;
  const AmbiguousProvince* ambiguous = nullptr;
  friend bool operator==(const ProvinceMatch&, const ProvinceMatch&) = default;
};

std::span<const Province> provinces();

/// By what it is on the wire. nullptr: none.
const Province* province_of_wire(std::string_view wire);

/// Compared by text::match_key.
ProvinceMatch find_province(std::string_view written);
const Isp* find_isp(std::string_view written);
std::optional<bool> find_boolean(std::string_view written);

}  // namespace sluice::orders
