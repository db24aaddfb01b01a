#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/base/time.hpp"

namespace sluice::sandbox {

/// A calendar day in UTC+8.
using Day = std::chrono::sys_days;

inline Day day_of(WallTime now) {
  return std::chrono::floor<std::chrono::days>(now + kApiOffset);
}

/// The day an order completed at `now` becomes active: tomorrow before 17:00, else the day after (create page).
Day activation_day(WallTime now);

/// The last day of service: `YYYY-MM-DD`, or `YYYY-MM` for that month's last day. Zero-padded, nothing else.
std::optional<Day> end_day(std::string_view end_month_time);

/// `YYYY-MM-DD`; month and day may lack their zero, as in the modify page's own example (2023-11-5).
std::optional<Day> execute_day(std::string_view execute_time);

/// `YYYY-MM-DD`.
std::string to_text(Day day);

/// RFC 3339 with seconds and `Z` or an offset.
std::optional<WallTime> parse_instant(std::string_view rfc3339);

}  // namespace sluice::sandbox
