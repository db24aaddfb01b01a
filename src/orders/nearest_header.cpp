#include <algorithm>
#include <string>

#include "sluice/orders/mapping.hpp"
#include "sluice/text/distance.hpp"
#include "sluice/text/encoding.hpp"
#include "sluice/text/normal.hpp"

namespace sluice::orders {

namespace {

constexpr std::size_t kLongestName = 40;  // in bytes; what is longer is no misspelling of a header

bool near_enough(std::size_t distance, std::string_view a, std::string_view b) {
  const std::size_t characters = std::max(text::code_points(a), text::code_points(b));
  return distance <= characters / (text::is_ascii(a) ? 3 : 2);
}

}  // namespace

NearHeader nearest_header(std::string_view name, const Service& service, std::span<const int> field_of_column) {
  NearHeader nearest;
  const std::string key = text::match_key(name);
  if (key.empty() || key.size() > kLongestName) return nearest;
  const auto consider = [&](std::string_view header, std::size_t field) {
    const std::string other = text::match_key(header);
    const std::size_t far = text::distance(key, other);
    if (far < nearest.distance && near_enough(far, key, other))
      nearest = {.header = header, .field = field, .distance = far};
  };
  for (std::size_t f = 0; f < service.fields.size(); ++f) {
    if (std::ranges::find(field_of_column, static_cast<int>(f)) != field_of_column.end()) continue;
    consider(service.fields[f].name, f);
    for (const auto alias : service.fields[f].aliases) consider(alias, f);
  }
  return nearest;
}

}  // namespace sluice::orders
