#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/base/time.hpp"

namespace sluice::orders {

/// A date as a file says it: a day, or a whole month.
struct WrittenDate {
  std::chrono::year_month month{};
  std::optional<std::chrono::day> day;

  /// The day itself; of a month, its last (docs/api.md, Time).
  std::chrono::sys_days last_day() const;
  /// YYYY-MM or YYYY-MM-DD, zero-padded, in the form it was given.
  std::string wire() const;
  friend bool operator==(const WrittenDate&, const WrittenDate&) = default;
};

enum class DateFault : std::uint8_t {
  unreadable,
  serial,           ///< 45323: a spreadsheet's day count
  month_name,       ///< Feb-24
  not_in_calendar,  ///< 2024-02-30
  with_time,        ///< a time of day that is neither its first moment nor its last, or a time zone
};

/// YYYY-MM, YYYY-MM-DD, also unpadded, with `/`, as 2024年2月1日, or with 00:00:00 or 23:59:59 behind it. The text is
/// to be clean (full-width forms folded) and trimmed.
std::expected<WrittenDate, DateFault> read_date(std::string_view text);

/// YYYY-MM as WrittenDate::wire() writes it, and nothing else.
std::optional<std::chrono::year_month> read_wire_month(std::string_view text);

/// The day that a spreadsheet's serial number stands for (1900 system). Nothing: no serial of a day from 1950 to 2199.
std::optional<std::chrono::year_month_day> day_of_serial(std::string_view text);

std::string to_string(std::chrono::year_month_day day);

/// The day an order completed at `now` becomes active (the later one within 60 s of 17:00 UTC+8).
std::chrono::sys_days activation(WallTime now);
std::chrono::year_month_day activation_day(WallTime now);

/// From when on what is completed becomes active a day later than what is completed at `now`: the end of this
/// activation_day(), a minute before the next 17:00 UTC+8.
WallTime activation_deadline(WallTime now);

}  // namespace sluice::orders
