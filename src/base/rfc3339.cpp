#include "sluice/base/rfc3339.hpp"

#include <fmt/compile.h>

#include <charconv>

namespace sluice {

namespace {

unsigned digits(std::string_view text, std::size_t at, std::size_t count) {
  unsigned value = 0;
  std::from_chars(text.data() + at, text.data() + at + count, value);
  return value;
}

}  // namespace

std::string rfc3339(WallTime t) {
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{t - day};
  return fmt::format(FMT_COMPILE("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z"), int{date.year()},
                     unsigned{date.month()}, unsigned{date.day()}, time.hours().count(), time.minutes().count(),
                     time.seconds().count(), time.subseconds().count());
}

std::optional<WallTime> parse_rfc3339(std::string_view text) {
  if (text.size() != 24) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(digits(text, 0, 4))),
                                         std::chrono::month(digits(text, 5, 2)), std::chrono::day(digits(text, 8, 2))};
  if (!date.ok()) return std::nullopt;
  const WallTime t = std::chrono::sys_days{date} + std::chrono::hours(digits(text, 11, 2)) +
                     std::chrono::minutes(digits(text, 14, 2)) + std::chrono::seconds(digits(text, 17, 2)) +
                     Millis(digits(text, 20, 3));
  if (rfc3339(t) != text) return std::nullopt;
  return t;
}

}  // namespace sluice
