// Dates and ids of a row, whatever somebody put into a cell.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "orders/clean_value.hpp"
#include "orders/field_rules.hpp"
#include "sluice/base/check.hpp"
#include "sluice/orders/order.hpp"

namespace {

using namespace sluice;
using namespace sluice::orders;

bool is_digits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// A date that reads is in the calendar, and its canonical form reads as the same date.
void check_date(std::string_view text) {
  const auto date = read_date(text);
  if (!date) {
    SLUICE_CHECK(date.error() != DateFault::serial || day_of_serial(text), "a serial without its day");
    return;
  }
  const std::string wire = date->wire();
  SLUICE_CHECK(wire.size() == (date->day ? 10U : 7U), "a date that is not padded");
  SLUICE_CHECK(date->month.ok() && (!date->day || (date->month / *date->day).ok()),
               "a day that is not in the calendar");
  const auto again = read_date(wire);
  SLUICE_CHECK(again && *again == *date, "a canonical date that reads as another");
}

/// Care says the same of all that is plain.
void check_plain(std::string_view text, WallTime now) {
  for (int kind = 0; kind <= static_cast<int>(FieldKind::execute_date); ++kind) {
    const KindRule& rule = rule_of(static_cast<FieldKind>(kind));
    const FieldInput in{.column = "column", .text = text, .now = now};
    const auto plain = rule.plain ? rule.plain(text, {.now = now}) : std::string_view{};
    if (plain.empty()) continue;
    std::vector<text::Message> warnings;
    const auto careful = rule.normalise(in, warnings);
    SLUICE_CHECK(careful && *careful == plain && warnings.empty(), "a plain value that is judged otherwise with care");
    SLUICE_CHECK(absence_of(text) == Absence::none, "a plain value that is a mark of an absent one");
  }
}

void check_create(const Order& order, WallTime now) {
  const auto uid = order.key();
  SLUICE_CHECK(!uid.empty() && uid.size() <= 20 && is_digits(uid), "an id that is not 1 to 20 digits");
  const auto end = read_date(order.value(4).value());
  SLUICE_CHECK(end && end->wire() == *order.value(4), "an end that is not canonical");
  SLUICE_CHECK(end->last_day() > std::chrono::sys_days{activation_day(now)}, "an end before the activation");
  SLUICE_CHECK(!judge_dates(order, now), "judged good and bad at one instant");
}

/// A row with the text in every column in turn: judged without a crash, and what is found good holds its promises. A
/// value that was canonical once stays as it is.
void check_row(std::string_view text, ValueKind kind, WallTime now) {
  static const Mapping kMapping =
      map_columns(
          std::vector<std::string>{"douyinId", "source", "uid", "province", "endMonthTime", "isRenew", "nickname"}, {})
          .value();
  const std::array<Value, 7> good{{{"abc"}, {"CMCC"}, {"94"}, {"GD"}, {"2999-12"}, {"1"}, {"n"}}};
  static LastValues last;
  for (std::size_t c = 0; c < good.size(); ++c) {
    auto values = good;
    values[c] = {text, kind};
    ColumnWatch watch;
    for (int i = 0; i < 3; ++i) watch.see(kMapping, values);
    const DamagedColumns damaged = watch.damaged();
    const auto judged = judge(kMapping, values, {.now = now, .damaged = &damaged});
    const auto after_another = judge(kMapping, values, {.now = now, .damaged = &damaged}, &last);
    SLUICE_CHECK(judged.has_value() == after_another.has_value() && (!judged || judged->order == after_another->order),
                 "judged otherwise after another row");
    if (!judged) {
      SLUICE_CHECK(!text::say_all(text::Lang::zh, judged.error()).empty(), "refused without a word");
      SLUICE_CHECK(text::say_all(text::Lang::en, judged.error()).size() < 2000, "words without a bound");
      continue;
    }
    check_create(judged->order, now);
    auto canonical = good;
    for (std::size_t f = 0; f < canonical.size(); ++f)
      canonical[f] = judged->order.value(f) ? Value{*judged->order.value(f)} : Value{"", ValueKind::missing};
    const auto again = judge(kMapping, canonical, {.now = now});
    SLUICE_CHECK(again && again->order == judged->order, "a canonical order that is judged otherwise");
    SLUICE_CHECK(again->order.element() == judged->order.element(), "one order, two bodies");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const auto kind = static_cast<ValueKind>(data[0] % 6);
  const WallTime now{Millis{(std::int64_t{data[1]} << 8 | data[2]) * 40'000'000}};  // 1970 to 2053
  const std::string_view text(reinterpret_cast<const char*>(data) + 3, size - 3);
  check_date(text);
  check_plain(text, now);
  check_row(text, kind, now);
  return 0;
}
