#include "calendar.hpp"

#include <fmt/format.h>

#include <charconv>

namespace sluice::sandbox {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::year;
using std::chrono::year_month_day;

/// Takes `least` to `most` digits off the front.
std::optional<unsigned> take_number(std::string_view& text, std::size_t least, std::size_t most) {
  std::size_t digits = 0;
  while (digits < text.size() && digits < most && text[digits] >= '0' && text[digits] <= '9') ++digits;
  if (digits < least) return std::nullopt;
  unsigned value = 0;
  std::from_chars(text.data(), text.data() + digits, value);
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

/// What stands after the year and its dash: a month, and a day where there is one.
std::optional<year_month_day> take_date(std::string_view& text, std::size_t least_digits, bool day_required) {
  const auto y = take_number(text, 4, 4);
  if (!y || !take(text, '-')) return std::nullopt;
  const auto m = take_number(text, least_digits, 2);
  if (!m || *m < 1 || *m > 12) return std::nullopt;
  const auto in_month = year{static_cast<int>(*y)} / month{*m};
  if (text.empty() && !day_required) return in_month / std::chrono::last;
  if (!take(text, '-')) return std::nullopt;
  const auto d = take_number(text, least_digits, 2);
  const auto date = in_month / day{d.value_or(0)};
  if (!date.ok()) return std::nullopt;
  return date;
}

std::optional<Day> whole_date(std::string_view text, std::size_t least_digits, bool day_required) {
  const auto date = take_date(text, least_digits, day_required);
  if (!date || !text.empty()) return std::nullopt;
  return Day{*date};
}

/// `Z`, `+08:00`, `-03:30`.
std::optional<std::chrono::minutes> take_offset(std::string_view& text) {
  if (take(text, 'Z')) return std::chrono::minutes{0};
  const bool west = !text.empty() && text.front() == '-';
  if (!take(text, west ? '-' : '+')) return std::nullopt;
  const auto hours = take_number(text, 2, 2);
  if (!hours || !take(text, ':')) return std::nullopt;
  const auto minutes = take_number(text, 2, 2);
  if (!minutes) return std::nullopt;
  const std::chrono::minutes offset{*hours * 60 + *minutes};
  return west ? -offset : offset;
}

}  // namespace

Day activation_day(WallTime now) {
  const auto local = now + kApiOffset;
  const auto today = std::chrono::floor<std::chrono::days>(local);
  const bool late = local - today >= std::chrono::hours{17};
  return today + std::chrono::days{late ? 2 : 1};
}

std::optional<Day> end_day(std::string_view end_month_time) {
  return whole_date(end_month_time, 2, false);
}

std::optional<Day> execute_day(std::string_view execute_time) {
  return whole_date(execute_time, 1, true);
}

std::string to_text(Day day) {
  const year_month_day date{day};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::optional<WallTime> parse_instant(std::string_view rfc3339) {
  const auto date = take_date(rfc3339, 2, true);
  if (!date || !(take(rfc3339, 'T') || take(rfc3339, ' '))) return std::nullopt;
  const auto hours = take_number(rfc3339, 2, 2);
  if (!hours || !take(rfc3339, ':')) return std::nullopt;
  const auto minutes = take_number(rfc3339, 2, 2);
  if (!minutes || !take(rfc3339, ':')) return std::nullopt;
  const auto seconds = take_number(rfc3339, 2, 2);
  const auto offset = take_offset(rfc3339);
  if (!seconds || !offset || !rfc3339.empty()) return std::nullopt;
  return Day{*date} + std::chrono::hours{*hours} + std::chrono::minutes{*minutes} + std::chrono::seconds{*seconds} -
         *offset;
}

}  // namespace sluice::sandbox
