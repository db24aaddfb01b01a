#include "sluice/orders/dates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sluice::orders {

namespace {

using std::chrono::day;
using std::chrono::days;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Takes text from the left, piece by piece.
struct Scanner {
  std::string_view rest;

  std::optional<unsigned> number(std::size_t least, std::size_t most) {
    unsigned value = 0;
    std::size_t size = 0;
    for (; size < rest.size() && size < most && is_digit(rest[size]); ++size)
      value = value * 10 + static_cast<unsigned>(rest[size] - '0');
    if (size < least) return std::nullopt;
    rest.remove_prefix(size);
    return value;
  }
  bool take(std::string_view word) {
    if (!rest.starts_with(word)) return false;
    rest.remove_prefix(word.size());
    return true;
  }
  void spaces() {
    while (take(" ")) continue;
  }
};

/// Year, month and perhaps day, as numbers that need not be in the calendar; what follows stays in the scanner.
struct Parts {
  unsigned y = 0;
  unsigned m = 0;
  std::optional<unsigned> d;
};

std::optional<Parts> western(Scanner& in) {
  const auto y = in.number(4, 4);
  const std::string_view separator = in.rest.starts_with('/') ? "/" : "-";
  if (!y || !in.take(separator)) return std::nullopt;
  const auto m = in.number(1, 2);
  if (!m) return std::nullopt;
  Parts parts{.y = *y, .m = *m, .d = {}};
  if (in.take(separator)) {
    parts.d = in.number(1, 2);
    if (!parts.d) return std::nullopt;
  }
  return parts;
}

std::optional<Parts> chinese(Scanner& in) {
  const auto y = in.number(4, 4);
  in.spaces();
  if (!y || !in.take("年")) return std::nullopt;
  in.spaces();
  const auto m = in.number(1, 2);
  in.spaces();
  if (!m || !(in.take("月份") || in.take("月") || in.take("⽉"))) return std::nullopt;  // the last is a radical
  Parts parts{.y = *y, .m = *m, .d = {}};
  const Scanner after_month = in;
  in.spaces();
  parts.d = in.number(1, 2);
  if (!parts.d) {
    in = after_month;
    return parts;
  }
  in.spaces();
  if (!in.take("日") && !in.take("⽇") && !in.take("号")) return std::nullopt;
  return parts;
}

/// What may follow a day: a time of day. Spreadsheets and exports put its first or its last moment there.
enum class Tail : std::uint8_t { none, edge_of_the_day, other_time, garbage };

Tail read_tail(Scanner in) {
  if (in.rest.empty()) return Tail::none;
  if (!in.take("T") && !in.take(" ")) return Tail::garbage;
  in.spaces();
  const auto h = in.number(1, 2);
  if (!h || !in.take(":")) return Tail::garbage;
  const auto min = in.number(2, 2);
  if (!min) return Tail::garbage;
  bool begins = *h == 0 && *min == 0;
  bool ends = *h == 23 && *min == 59;
  if (in.take(":")) {
    const auto s = in.number(2, 2);
    if (!s) return Tail::garbage;
    begins = begins && *s == 0;
    ends = ends && *s == 59;
    if (in.take(".")) begins = in.number(1, 9).value_or(1) == 0 && begins;
  }
  // A time zone, AM or PM: it is unclear whose midnight is meant.
  return (begins || ends) && in.rest.empty() ? Tail::edge_of_the_day : Tail::other_time;
}

bool has_month_name(std::string_view text) {
  static constexpr std::array<std::string_view, 12> kNames = {"jan", "feb", "mar", "apr", "may", "jun",
                                                              "jul", "aug", "sep", "oct", "nov", "dec"};
  constexpr std::size_t kLongest = 32;
  if (text.size() > kLongest || std::ranges::none_of(text, is_digit)) return false;
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return std::ranges::any_of(kNames, [&](std::string_view name) { return lower.contains(name); });
}

DateFault why_unreadable(std::string_view text) {
  if (day_of_serial(text)) return DateFault::serial;
  return has_month_name(text) ? DateFault::month_name : DateFault::unreadable;
}

std::expected<WrittenDate, DateFault> in_calendar(const Parts& parts) {
  const year y{static_cast<int>(parts.y)};
  const month m{parts.m};
  if (!m.ok() || (parts.d && !year_month_day{y, m, day{*parts.d}}.ok()))
    return std::unexpected(DateFault::not_in_calendar);
  WrittenDate date{.month = y / m, .day = {}};
  if (parts.d) date.day = day{*parts.d};
  return date;
}

}  // namespace

sys_days WrittenDate::last_day() const {
  if (day) return sys_days{month / *day};
  return sys_days{month / std::chrono::last};
}

std::string WrittenDate::wire() const {
  const auto y = static_cast<int>(month.year());
  const auto m = static_cast<unsigned>(month.month());
  if (!day) return fmt::format("{:04}-{:02}", y, m);
  return fmt::format("{:04}-{:02}-{:02}", y, m, static_cast<unsigned>(*day));
}

std::string to_string(year_month_day date) {
  return WrittenDate{date.year() / date.month(), date.day()}.wire();
}

std::optional<year_month_day> day_of_serial(std::string_view text) {
  Scanner in{text};
  const auto serial = in.number(5, 6);
  if (in.take(".") && !in.number(1, 15)) return std::nullopt;
  constexpr unsigned kFirst = 18264;  // 1950-01-01
  constexpr unsigned kLast = 109574;  // 2199-12-31
  if (!serial || !in.rest.empty() || *serial < kFirst || *serial > kLast) return std::nullopt;
  return year_month_day{sys_days{year{1899} / 12 / 30} + days{*serial}};
}

std::optional<std::chrono::year_month> read_wire_month(std::string_view text) {
  constexpr std::string_view kForm = "0000-00";
  if (text.size() != kForm.size() || text[4] != '-') return std::nullopt;
  unsigned number = 0;
  for (const std::size_t i : {0, 1, 2, 3, 5, 6}) {
    if (!is_digit(text[i])) return std::nullopt;
    number = number * 10 + static_cast<unsigned>(text[i] - '0');
  }
  const month m{number % 100};
  if (!m.ok()) return std::nullopt;
  return year{static_cast<int>(number / 100)} / m;
}

std::expected<WrittenDate, DateFault> read_date(std::string_view text) {
  Scanner in{text};
  auto parts = western(in);
  if (!parts) {
    in = Scanner{text};
    parts = chinese(in);
  }
  if (!parts) return std::unexpected(why_unreadable(text));
  const Tail tail = read_tail(in);
  if (tail == Tail::garbage || (tail != Tail::none && !parts->d)) return std::unexpected(why_unreadable(text));
  auto date = in_calendar(*parts);
  if (date && tail == Tail::other_time) return std::unexpected(DateFault::with_time);
  return date;
}

namespace {
/// Completed before 17:00: tomorrow; after: the day after. What exactly 17:00 means, and whose clock, is not known.
constexpr auto kLater = std::chrono::hours{17} - std::chrono::seconds{60};
}  // namespace

sys_days activation(WallTime now) {
  const auto local = now + kApiOffset;
  const auto today = std::chrono::floor<days>(local);
  return today + days{local - today >= kLater ? 2 : 1};
}

year_month_day activation_day(WallTime now) {
  return year_month_day{activation(now)};
}

WallTime activation_deadline(WallTime now) {
  const auto local = now + kApiOffset;
  const auto today = std::chrono::floor<days>(local);
  return today + kLater + days{local - today >= kLater ? 1 : 0} - kApiOffset;
}

}  // namespace sluice::orders
