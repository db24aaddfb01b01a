#include "clean_value.hpp"
#include "field_rules.hpp"
#include "long_id.hpp"
#include "sluice/orders/order.hpp"

namespace sluice::orders {

void DamageWatch::see(const Mapping& mapping, std::span<const Value> values) {
  constexpr std::size_t kShortestLong = 16;
  const auto fields = service(mapping.service).fields;
  columns_.resize(fields.size());
  for (std::size_t c = 0; c < std::min(values.size(), mapping.field_of_column.size()); ++c) {
    const int field = mapping.field_of_column[c];
    if (field < 0 || values[c].text.size() < kShortestLong) continue;
    const auto f = static_cast<std::size_t>(field);
    if (!rule_of(fields[f].kind).watched) continue;
    std::string scratch;
    const auto value = clean(values[c].text, scratch);
    const auto id = read_id(value.text);
    if (value.guarded || !id || !is_long(id->digits)) continue;
    ++columns_[f].long_ids;
    if (has_zero_tail(id->digits)) ++columns_[f].zero_tails;
  }
}

DamagedColumns DamageWatch::damaged() const {
  constexpr std::uint64_t kEnough = 3;  // one honest id in a hundred ends in 00; three out of three don't
  DamagedColumns damaged(columns_.size());
  bool any = false;
  for (std::size_t f = 0; f < columns_.size(); ++f) {
    damaged[f] = columns_[f].long_ids >= kEnough && columns_[f].zero_tails == columns_[f].long_ids;
    any = any || damaged[f];
  }
  return any ? damaged : DamagedColumns{};
}

}  // namespace sluice::orders
