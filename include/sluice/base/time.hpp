#pragma once

#include <chrono>
#include <cstdint>

namespace sluice {

using Nanos = std::chrono::nanoseconds;
using Millis = std::chrono::milliseconds;

/// CLOCK_BOOTTIME: goes on through suspend, never jumps, the same for all processes of one boot. For pacing and delays.
struct BootClock {
  using rep = std::int64_t;
  using period = std::nano;
  using duration = Nanos;
  using time_point = std::chrono::time_point<BootClock>;
  static constexpr bool is_steady = true;
};
using Boottime = BootClock::time_point;

/// UTC wall time. For dates, records and people; never for pacing.
using WallTime = std::chrono::sys_time<Millis>;

/// All the API's rules are in UTC+8, fixed offset, no daylight saving (docs/api.md, Time).
inline constexpr std::chrono::hours kApiOffset{8};

/// The API's calendar day of an instant.
inline std::chrono::year_month_day api_day(WallTime t) {
  return std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(t + kApiOffset)};
}

/// YYYYMMDD.
inline std::uint32_t day_number(std::chrono::year_month_day day) {
  return static_cast<std::uint32_t>(int{day.year()}) * 10000 + unsigned{day.month()} * 100 + unsigned{day.day()};
}

}  // namespace sluice
