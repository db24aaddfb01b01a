#include <algorithm>

#include "clean_value.hpp"
#include "field_rules.hpp"
#include "long_id.hpp"
#include "sluice/orders/order.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::orders {

namespace {

constexpr std::size_t kShortestLong = 16;    // digits: the first that a spreadsheet does not keep
constexpr std::size_t kShortestWritten = 7;  // bytes: 2024/1/1 and 1.7E+16 have as many

}  // namespace

void ColumnWatch::see(const Mapping& mapping, std::span<const Value> values) {
  const auto fields = service(mapping.service).fields;
  if (columns_.empty()) {
    columns_.resize(fields.size());
    for (std::size_t f = 0; f < fields.size(); ++f)
      if (rule_of(fields[f].kind).watched || fields[f].kind == FieldKind::end_month) looked_at_.push_back(f);
  }
  for (const std::size_t f : looked_at_) {
    Column& column = columns_[f];
    const std::size_t c = mapping.column_of_field[f];
    if (column.other_date || c >= values.size() || values[c].text.size() < kShortestWritten) continue;
    if (fields[f].kind == FieldKind::end_month) {
      if (column.spelled.empty()) column.spelled = mapping.spelled[c];
      see_end(values[c].text, column);
    } else {
      const bool letters = fields[f].kind == FieldKind::douyin_id && values[c].kind != ValueKind::number;
      see_id(values[c].text, letters, column);
    }
  }
}

void ColumnWatch::see_id(std::string_view text, bool letters, Column& column) {
  const char first = text.front();
  const bool begins_with_letter = (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z');
  if (begins_with_letter || (is_id(text) && !is_long(text))) return;  // nearly all: nothing that can be damaged
  std::string scratch;
  const auto value = clean(text, scratch);
  if (value.guarded) return;
  const auto id = read_id(value.text);
  // Where letters are at home only the plus sign tells.
  if (!id && id.error() == IdFault::exponent && (!letters || value.text.contains('+'))) column.scientific = true;
  if (!id || !is_long(id->digits)) return;
  Length& length = column.lengths[id->digits.size() - kShortestLong];
  ++length.ids;
  if (!ends_rounded(id->digits)) return;
  ++length.rounded;
  if (length.different.size() < kEnough && std::ranges::find(length.different, id->digits) == length.different.end())
    length.different.push_back(id->digits);
}

void ColumnWatch::see_end(std::string_view text, Column& column) {
  std::string scratch;
  const auto date = read_date(clean(text, scratch).text);
  if (!date) return;
  if (date->day && *date->day == std::chrono::day{1})
    ++column.firsts;
  else
    column.other_date = true;
}

DamagedColumns ColumnWatch::damaged() const {
  DamagedColumns damaged(columns_.size());
  for (std::size_t f = 0; f < columns_.size(); ++f) {
    for (std::size_t i = 0; i < columns_[f].lengths.size(); ++i) {
      const Length& length = columns_[f].lengths[i];
      const auto bit = std::uint32_t{1} << (kShortestLong + i);
      if (length.rounded == 0) continue;
      // One honest id in a hundred ends in 00; three different ones, and no other, don't.
      const bool all = length.rounded == length.ids;
      if (columns_[f].scientific || (all && length.different.size() >= kEnough))
        damaged[f].rounded |= bit;
      else if (all)
        damaged[f].doubtful |= bit;
    }
  }
  return std::ranges::all_of(damaged, [](const auto& d) { return d == DamagedIds{}; }) ? DamagedColumns{} : damaged;
}

std::vector<text::Message> ColumnWatch::warnings() const {
  std::vector<text::Message> warnings;
  for (const auto& column : columns_) {
    if (column.firsts < kEnough || column.other_date) continue;
    warnings.push_back({text::Word::warn_ends_on_the_first, {text::shown(column.spelled)}});
  }
  return warnings;
}

}  // namespace sluice::orders
