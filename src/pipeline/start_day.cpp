#include "start_day.hpp"

#include <algorithm>
#include <chrono>

#include "sluice/orders/dates.hpp"

namespace sluice::pipeline {

namespace {

constexpr std::size_t kDateLength = 10;             // 2024-02-01, whatever time of day stands behind it
constexpr auto kUnclear = std::chrono::minutes(1);  // docs/api.md, Time: to either side of 17:00

}  // namespace

std::optional<text::Message> starts_otherwise(orders::ServiceId service, std::string_view start_time, WallTime now,
                                              Millis took) {
  const auto fields = orders::service(service).fields;
  const bool becomes_active =
      std::ranges::find(fields, orders::FieldKind::end_month, &orders::FieldSpec::kind) != fields.end();
  const auto told = orders::read_date(start_time.substr(0, kDateLength));
  if (!becomes_active || !told || !told->day) return std::nullopt;
  const std::chrono::year_month_day day = told->month / *told->day;
  const auto expected = orders::activation_day(now);
  // Round 17:00 nobody here knows whether it was completed before or after.
  if (day == expected || day == orders::activation_day(now - took - kUnclear)) return std::nullopt;
  return text::Message{text::Word::starts_otherwise, {orders::to_string(day), orders::to_string(expected)}};
}

std::uint64_t Starts::note(records::RowResult& result) {
  if (start_time_ != result.start_time) {
    start_time_ = result.start_time;
    const auto odd =
        starts_otherwise(service_, result.start_time, context_.now, context_.settings.upstream.response_timeout);
    odd_ = odd ? (context_.lang == text::Lang::zh ? "。" : ". ") + text::say(context_.lang, *odd) : "";
  }
  if (odd_.empty()) return 0;
  result.message = std::string(result.message) + odd_;
  return 1;
}

}  // namespace sluice::pipeline
