#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "after_answer.hpp"
#include "sluice/base/shared_text.hpp"
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

/// The same of the orders of one answer: nearly all of them start on one day, which is judged once.
class Starts {
 public:
  Starts(orders::ServiceId service, const AfterAnswer& context) : service_(service), context_(context) {}
  /// Says it in the message of an order that was just accepted. How many it was said of: 1 or 0.
  std::uint64_t note(records::RowResult& result);

 private:
  orders::ServiceId service_;
  const AfterAnswer& context_;
  std::optional<SharedText> start_time_;  ///< the one that was judged last
  std::string odd_;                       ///< what is said of it
};

}  // namespace sluice::pipeline
