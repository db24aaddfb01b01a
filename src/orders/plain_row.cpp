#include "plain_row.hpp"

#include <vector>

#include "order_writer.hpp"

namespace sluice::orders {

namespace {

constexpr std::size_t kMostBytes = 256;  // of a value that is plain

bool may_be_plain(const KindRule& rule, ValueKind kind) {
  if (kind == ValueKind::boolean) return rule.takes_boolean;
  return kind == ValueKind::text || kind == ValueKind::number;
}

constexpr unsigned bit_of(ValueKind kind) {
  return 1U << static_cast<unsigned>(kind);
}

/// Of a field, what the loop over a row's needs of all tables, side by side.
struct Step {
  Opening opening;
  decltype(KindRule::plain) plain;
  unsigned kinds;  ///< that may be plain: bit_of()
  bool few;
  bool required;
};
using Steps = std::vector<Step>;

const Steps& steps_of(const Service& table) {
  static const auto kAll = [] {
    std::vector<Steps> all;
    for (const Service& each : services()) {
      Steps steps;
      for (std::size_t f = 0; f < each.fields.size(); ++f) {
        const KindRule& rule = rule_of(each.fields[f].kind);
        unsigned kinds = 0;
        for (const auto kind : {ValueKind::text, ValueKind::number, ValueKind::boolean})
          if (may_be_plain(rule, kind)) kinds |= bit_of(kind);
        steps.push_back({openings_of(each)[f], rule.plain, kinds, rule.few, each.fields[f].required});
      }
      all.push_back(std::move(steps));
    }
    return all;
  }();
  return kAll[static_cast<std::size_t>(&table - services().data())];
}

}  // namespace

void LastValues::judge_for(WallTime now) {
  if (now == now_) return;
  for (Last& last : fields_) last.canonical_size = 0;
  now_ = now;
}

/// Nothing: the last row had something else there.
const LastValues::Last* LastValues::same(std::size_t field, std::string_view text) const {
  const Last& last = fields_[field];
  return last.canonical_size > 0 && same_short({last.text.data(), last.text_size}, text) ? &last : nullptr;
}

std::string_view LastValues::find(std::size_t field, std::string_view text) const {
  const auto* last = same(field, text);
  return last != nullptr ? std::string_view(last->canonical.data(), last->canonical_size) : std::string_view{};
}

void LastValues::put(std::size_t field, std::string_view text, std::string_view canonical) {
  Last& last = fields_[field];
  last.canonical_size = 0;
  if (text.size() > kRemembered || canonical.size() > kRemembered) return;
  last.text_size = static_cast<std::uint32_t>(text.copy(last.text.data(), kRemembered));
  last.canonical_size = static_cast<std::uint32_t>(canonical.copy(last.canonical.data(), kRemembered));
}

std::string_view plain_value(std::size_t field, const KindRule& rule, const Value& value, const JudgeContext& context,
                             LastValues* last) {
  if (!may_be_plain(rule, value.kind)) return {};
  const bool remembers = rule.few && last != nullptr;
  if (remembers) {
    if (const auto known = last->find(field, value.text); !known.empty()) return known;
  }
  const auto plain = rule.plain(value.text, context);
  if (plain.size() > kMostBytes) return {};
  if (remembers && !plain.empty()) last->put(field, value.text, plain);
  return plain;
}

bool plain_row(const Mapping& mapping, std::span<const Value> values, const JudgeContext& context, LastValues& last,
               Order& order) {
  if (values.size() > mapping.field_of_column.size()) return false;
  const Service& table = service(mapping.service);
  OrderWriter writer(last.texts(), kMaxFields * kMostBytes, order);
  std::size_t next = 0;
  for (const Step& step : steps_of(table)) {
    const std::size_t f = next++;
    const std::size_t c = mapping.column_of_field[f];
    const Value value = c < values.size() ? values[c] : Value{};
    if ((step.kinds & bit_of(value.kind)) == 0) return false;
    const auto* same = step.few ? last.same(f, value.text) : nullptr;
    if (same != nullptr) {
      writer.put(f, step.opening, same->canonical, same->canonical_size);
      continue;
    }
    const auto plain = step.plain(value.text, context);
    if (plain.empty() && value.text.empty() && value.kind == ValueKind::text && !step.required) continue;
    if (plain.empty() || plain.size() > kMostBytes) return false;
    writer.put(f, step.opening, plain);
    if (step.few) last.put(f, value.text, plain);
  }
  writer.end_element();
  writer.finish(table.id);
  return true;
}

}  // namespace sluice::orders
