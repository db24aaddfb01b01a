#include <algorithm>
#include <forward_list>
#include <utility>

#include "clean_value.hpp"
#include "field_rules.hpp"
#include "plain_row.hpp"
#include "sluice/orders/order.hpp"
#include "sluice/text/normal.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::orders {

namespace {

using text::Message;
using text::Word;

bool is_blank(const Value& value) {
  if (value.kind == ValueKind::text) return text::trim(value.text).empty();
  return value.kind == ValueKind::missing || value.kind == ValueKind::null;
}

/// Cells beyond the header that hold something. Empty ones are what a spreadsheet leaves behind.
std::optional<Message> beyond_header(const Mapping& mapping, std::span<const Value> values) {
  const std::size_t columns = mapping.field_of_column.size();
  if (values.size() <= columns) return std::nullopt;
  const auto extra = values.subspan(columns);
  if (std::ranges::all_of(extra, is_blank)) return std::nullopt;
  constexpr std::size_t kMost = 5;
  std::string cells;
  for (const auto& value : extra.first(std::min(extra.size(), kMost)))
    cells.append(cells.empty() ? "\"" : ", \"").append(text::shown(value.text)).append("\"");
  if (extra.size() > kMost) cells.append(", ...");
  return Message{Word::cells_beyond_header, {std::to_string(values.size()), std::to_string(columns), std::move(cells)}};
}

bool is_blank_at(std::size_t column, std::span<const Value> values) {
  return column >= values.size() || is_blank(values[column]);
}

bool is_empty_row(const ColumnOfField& columns, std::span<const Value> values) {
  return std::ranges::all_of(columns, [&](std::size_t c) { return is_blank_at(c, values); });
}

/// A spreadsheet's last row: no key, and somewhere a cell that begins with such a word.
std::optional<Message> totals_row(std::size_t key_column, std::span<const Value> values) {
  constexpr std::array<std::string_view, 7> kTotals = {"合计",  "总计",     "小计",      "共计",
                                                       "total", "subtotal", "grandtotal"};
  if (!is_blank_at(key_column, values)) return std::nullopt;
  const auto is_total = [&](const Value& value) {
    const auto key = text::match_key(value.text);
    return std::ranges::any_of(kTotals, [&](std::string_view word) { return key.starts_with(word); });
  };
  const auto found = std::ranges::find_if(values, is_total);
  if (found == values.end()) return std::nullopt;
  return Message{Word::row_is_totals, {text::shown(found->text)}};
}

/// What is wrong with the row as a whole, so that its single values are not worth a word.
std::optional<Message> whole_row(const Mapping& mapping, std::span<const Value> values, const ColumnOfField& columns) {
  if (auto beyond = beyond_header(mapping, values)) return beyond;
  if (auto totals = totals_row(columns[service(mapping.service).key_field], values)) return totals;
  if (is_empty_row(columns, values)) return Message{Word::row_is_empty, {}};
  return std::nullopt;
}

Normalised judge_text(const KindRule& rule, bool required, const FieldInput& in, std::vector<Message>& warnings) {
  if (in.text.empty()) return std::nullopt;
  switch (absence_of(in.text)) {
    case Absence::lost:
      return std::unexpected(about(Word::value_lost, in));
    case Absence::error:
      return std::unexpected(about(Word::value_is_error, in));
    case Absence::placeholder:
      if (required) return std::unexpected(about(Word::placeholder_required, in));
      warnings.push_back(about(Word::warn_placeholder, in));
      return std::nullopt;
    case Absence::none:
      break;
  }
  return rule.normalise(in, warnings);
}

Normalised judge_value(const FieldSpec& field, const Value& value, const FieldInput& in,
                       std::vector<Message>& warnings) {
  const KindRule& rule = rule_of(field.kind);
  switch (value.kind) {
    case ValueKind::null:
    case ValueKind::missing:
      return std::nullopt;
    case ValueKind::nested:
      return std::unexpected(about(Word::value_nested, in));
    case ValueKind::boolean:
      if (!rule.takes_boolean) return std::unexpected(about(Word::value_is_boolean, in));
      break;
    case ValueKind::text:
    case ValueKind::number:
      return judge_text(rule, field.required, in, warnings);
  }
  return rule.normalise(in, warnings);
}

void warn_of_same_values(const Service& service, const Mapping& mapping, Judged& judged) {
  const auto spelled = [&](std::size_t f) { return text::shown(mapping.spelled[mapping.column_of_field[f]]); };
  for (const auto [first, second] : service.ought_to_differ) {
    const auto value = judged.order.value(first);
    if (value && value == judged.order.value(second))
      judged.warnings.push_back({Word::warn_same_value, {spelled(first), spelled(second), text::shown(*value)}});
  }
}

DamagedIds damaged_ids(const JudgeContext& context, std::size_t f) {
  return context.damaged != nullptr && f < context.damaged->size() ? (*context.damaged)[f] : DamagedIds{};
}

/// The values one by one, and then the row as a whole.
std::expected<Judged, Faults> judge_carefully(const Mapping& mapping, std::span<const Value> values,
                                              const JudgeContext& context, LastValues* last) {
  const Service& service = orders::service(mapping.service);
  const auto& columns = mapping.column_of_field;
  Order::Values canonical;
  Order::Fields plain;
  std::forward_list<std::string> rewritten;  // what canonical values look at that stands nowhere else
  std::vector<Message> warnings;
  Faults faults;
  for (std::size_t f = 0; f < service.fields.size(); ++f) {
    const FieldSpec& field = service.fields[f];
    const std::size_t c = columns[f];
    const Value value = c < values.size() ? values[c] : Value{.text = {}, .kind = ValueKind::missing};
    if (const auto as_it_is = plain_value(f, rule_of(field.kind), value, context, last); !as_it_is.empty()) {
      canonical[f] = as_it_is;
      plain.set(f);
      continue;
    }
    const FieldInput in{.column = c != kNoColumn ? std::string_view(mapping.spelled[c]) : field.name,
                        .text = value.text,
                        .is_number = value.kind == ValueKind::number,
                        .damaged = damaged_ids(context, f),
                        .now = context.now};
    auto normalised = judge_value(field, value, in, warnings);
    if (!normalised) {
      faults.push_back(std::move(normalised).error());
    } else if (*normalised) {
      canonical[f] = rewritten.emplace_front(**std::move(normalised));
    } else if (field.required) {
      faults.push_back({Word::value_missing, {text::shown(in.column)}});
    }
  }
  if (values.size() > mapping.field_of_column.size() || !faults.empty()) {
    if (auto whole = whole_row(mapping, values, columns)) return std::unexpected(Faults{*std::move(whole)});
  }
  if (!faults.empty()) return std::unexpected(std::move(faults));
  OrderTexts own(0);
  return Judged{.order = {service.id, canonical, plain, last != nullptr ? last->texts() : own},
                .warnings = std::move(warnings)};
}

/// The fields of which time may make something else.
const std::vector<std::size_t>& dated_fields(const Service& table) {
  static const auto kAll = [] {
    std::vector<std::vector<std::size_t>> all;
    for (const Service& each : services()) {
      auto& dated = all.emplace_back();
      for (std::size_t f = 0; f < each.fields.size(); ++f)
        if (rule_of(each.fields[f].kind).still_good != nullptr) dated.push_back(f);
    }
    return all;
  }();
  return kAll[static_cast<std::size_t>(&table - services().data())];
}

}  // namespace

std::expected<Judged, Faults> judge(const Mapping& mapping, std::span<const Value> values, const JudgeContext& context,
                                    LastValues* last) {
  std::expected<Judged, Faults> verdict;
  if (last != nullptr) last->judge_for(context.now);
  if (last == nullptr || !plain_row(mapping, values, context, *last, verdict->order))
    verdict = judge_carefully(mapping, values, context, last);
  if (verdict) warn_of_same_values(service(mapping.service), mapping, *verdict);
  return verdict;
}

std::optional<Message> judge_dates(const Order& order, WallTime now, LastValues* last) {
  const Service& service = orders::service(order.service());
  if (last != nullptr) last->judge_for(now);
  for (const std::size_t f : dated_fields(service)) {
    const auto still_good = rule_of(service.fields[f].kind).still_good;
    const auto value = order.value(f);
    if (!value || (last != nullptr && !last->find(f, *value).empty())) continue;
    if (auto fault = still_good(service.fields[f].name, *value, now)) return fault;
    if (last != nullptr) last->put(f, *value, *value);
  }
  return std::nullopt;
}

}  // namespace sluice::orders
