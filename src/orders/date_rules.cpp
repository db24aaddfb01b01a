#include <utility>

#include "clean_value.hpp"
#include "field_rules.hpp"
#include "sluice/base/check.hpp"
#include "sluice/orders/dates.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::orders {

namespace {

using text::Message;
using text::Word;

// A day would do, too; but who is told of both and edits in a spreadsheet ends with the first of the month.
constexpr std::string_view kMonthForm = "YYYY-MM";
constexpr std::string_view kDayForm = "YYYY-MM-DD";

Message bad_date(DateFault fault, const FieldInput& in, std::string_view clean, std::string_view form) {
  switch (fault) {
    case DateFault::serial:
      return about(Word::date_serial, in, {std::string(form), to_string(day_of_serial(clean).value())});
    case DateFault::month_name:
      return about(Word::date_month_name, in, {std::string(form)});
    case DateFault::not_in_calendar:
      return about(Word::date_not_in_calendar, in);
    case DateFault::with_time:
      return about(Word::date_with_time, in, {std::string(form)});
    case DateFault::unreadable:
      break;
  }
  return about(Word::date_unreadable, in, {std::string(form)});
}

std::optional<Message> too_early_end(std::string_view column, const WrittenDate& date, WallTime now) {
  const auto active = activation_day(now);
  if (date.last_day() > std::chrono::sys_days{active}) return std::nullopt;
  return Message{Word::end_not_after_activation, {text::shown(column), date.wire(), to_string(active)}};
}

std::optional<Message> past_execution(std::string_view column, const WrittenDate& date, WallTime now) {
  const auto today = api_day(now);
  if (date.last_day() >= std::chrono::sys_days{today}) return std::nullopt;
  return Message{Word::execute_date_past, {text::shown(column), date.wire(), to_string(today)}};
}

/// A canonical value is our own: it reads.
WrittenDate own(std::string_view value) {
  const auto date = read_date(value);
  SLUICE_CHECK(date.has_value(), "an order holds a date that does not read");
  return *date;
}

using Check = std::optional<Message> (*)(std::string_view column, const WrittenDate& date, WallTime now);

Normalised normalise_date(const FieldInput& in, std::string_view form, bool day_needed, Check check) {
  std::string scratch;
  const auto value = clean(in.text, scratch);
  if (value.text.empty()) return std::nullopt;
  if (has_compatibility_digit(value.text)) return std::unexpected(about(Word::compatibility_digit, in));
  const auto date = read_date(value.text);
  if (!date) return std::unexpected(bad_date(date.error(), in, value.text, form));
  if (day_needed && !date->day) return std::unexpected(about(Word::date_needs_day, in, {std::string(form)}));
  if (auto fault = check(in.column, *date, in.now)) return std::unexpected(*std::move(fault));
  return date->wire();
}

}  // namespace

/// YYYY-MM of a later month than that of the activation.
std::string_view plain_end_month(std::string_view text, const JudgeContext& context) {
  const auto month = read_wire_month(text);
  const bool later = month && std::chrono::sys_days{*month / 1} > activation(context.now);
  return later ? text : std::string_view{};
}

/// YYYY-MM-DD of a day that has not passed.
std::string_view plain_execute_date(std::string_view text, const JudgeContext& context) {
  if (text.size() != kDayForm.size()) return {};
  const auto date = read_date(text);
  const bool good =
      date && date->day && date->wire() == text && date->last_day() >= std::chrono::sys_days{api_day(context.now)};
  return good ? text : std::string_view{};
}

Normalised normalise_end_month(const FieldInput& in, std::vector<Message>&) {
  return normalise_date(in, kMonthForm, false, too_early_end);
}

Normalised normalise_execute_date(const FieldInput& in, std::vector<Message>&) {
  return normalise_date(in, kDayForm, true, past_execution);
}

std::optional<Message> end_month_still_good(std::string_view column, std::string_view value, WallTime now) {
  if (!plain_end_month(value, {.now = now}).empty()) return std::nullopt;
  return too_early_end(column, own(value), now);
}

std::optional<Message> execute_date_still_good(std::string_view column, std::string_view value, WallTime now) {
  return past_execution(column, own(value), now);
}

}  // namespace sluice::orders
