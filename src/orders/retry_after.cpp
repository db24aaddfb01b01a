#include "retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "sluice/text/normal.hpp"

namespace sluice::orders {

namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

std::optional<unsigned> number(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<unsigned> month_number(std::string_view name) {
  static constexpr std::array<std::string_view, 12> kNames = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto found = std::ranges::find(kNames, name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<unsigned>(found - kNames.begin()) + 1;
}

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of(separators, at), text.size());
    if (end > at) parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

/// A year of two digits that seems more than 50 years ahead is of the past century (RFC 9110, 5.6.7).
unsigned full_year(unsigned year, WallTime now) {
  if (year >= 100) return year;
  const auto this_year = static_cast<unsigned>(static_cast<int>(api_day(now).year()));
  const unsigned full = this_year / 100 * 100 + year;
  return full > this_year + 50 ? full - 100 : full;
}

/// The three forms of an HTTP-date: IMF-fixdate, RFC 850's, asctime's.
std::optional<sys_seconds> read_http_date(std::string_view text, WallTime now) {
  auto parts = split(text, " ,-");
  if (parts.size() == 5) parts = {parts[0], parts[2], parts[1], parts[4], parts[3], "GMT"};  // asctime
  if (parts.size() != 6 || parts[5] != "GMT") return std::nullopt;
  const auto d = number(parts[1]);
  const auto m = month_number(parts[2]);
  const auto y = number(parts[3]);
  const auto clock = split(parts[4], ":");
  if (!d || !m || !y || *y > 9999 || clock.size() != 3) return std::nullopt;
  const auto h = number(clock[0]);
  const auto min = number(clock[1]);
  const auto s = number(clock[2]);
  if (!h || !min || !s || *h > 23 || *min > 59 || *s > 60) return std::nullopt;
  const std::chrono::year_month_day day{std::chrono::year{static_cast<int>(full_year(*y, now))}, std::chrono::month{*m},
                                        std::chrono::day{*d}};
  if (!day.ok()) return std::nullopt;
  return std::chrono::sys_days{day} + std::chrono::hours{*h} + std::chrono::minutes{*min} + seconds{*s};
}

}  // namespace

std::optional<seconds> read_retry_after(std::string_view header, std::string_view date, WallTime now) {
  constexpr seconds kMost = std::chrono::hours{1};
  const auto text = text::trim(header);
  if (text.empty()) return std::nullopt;
  if (std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) {
    const auto wait = number(text);  // nothing: more than fits
    return wait ? std::min<seconds>(seconds{*wait}, kMost) : kMost;
  }
  const auto until = read_http_date(text, now);
  if (!until) return std::nullopt;
  const auto from = read_http_date(text::trim(date), now).value_or(std::chrono::floor<seconds>(now));
  if (*until < from) return std::nullopt;
  return std::min<seconds>(*until - from, kMost);
}

}  // namespace sluice::orders
