#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "after_answer.hpp"
#include "sluice/base/time.hpp"
#include "sluice/orders/service.hpp"
#include "sluice/records/outcome.hpp"
#include "sluice/text/words.hpp"

namespace sluice::pipeline {

/// What is said of an accepted order that becomes active on another day than the rule says (docs/api.md, Time).
/// `start_time`: as the API gave it. `now`: its answer was read; the order was completed at most `took` before.
/// Nothing: it is as expected, the answer tells no day, or the service has no such rule.
std::optional<text::Message> starts_otherwise(orders::ServiceId service, std::string_view start_time, WallTime now,
                                              Millis took);

/// Says it in the message of an order that was just accepted. How many it was said of: 1 or 0.
std::uint64_t note_start(orders::ServiceId service, const AfterAnswer& context, records::RowResult& result);

}  // namespace sluice::pipeline
