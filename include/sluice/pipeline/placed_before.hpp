#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/base/error.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/text/words.hpp"

namespace sluice::pipeline {

/// Of a file's orders, those that earlier jobs had accepted, the same in every value (guard.placed_before).
struct PlacedBefore {
  std::uint64_t orders = 0;
  std::optional<JobId> last;  ///< the last of these jobs
  std::string last_name;      ///< of its file, raw bytes
  friend bool operator==(const PlacedBefore&, const PlacedBefore&) = default;
};

/// Orders to be looked for, by RowMarks::of() each.
struct MarkedOrders {
  std::uint64_t most = 0;  ///< no number is above it
  std::function<std::optional<std::uint64_t>(std::uint64_t mark)> number_of;
};

/// `since`: what was accepted before is not looked at. `own`: the file's own job. Goes once through all that the ledger
/// remembers, eight bytes an order: an index would cost each order that is placed a page, where this costs a file some
/// milliseconds for every hundred thousand of them.
ports::Task<Result<PlacedBefore>> placed_before(ports::Ledger& ledger, MarkedOrders orders, WallTime since,
                                                std::optional<JobId> own);
/// The same of orders with these marks.
ports::Task<Result<PlacedBefore>> placed_before(ports::Ledger& ledger, std::vector<std::uint64_t> marks, WallTime since,
                                                std::optional<JobId> own);

/// The marks of orders under a spool's secret (ports::Spool::secret()). `elements`: orders::Order::element() of each.
std::vector<std::uint64_t> marks_of(std::string_view secret, const std::vector<std::string>& elements);

/// For people: how many, and which job. Only where there are any.
text::Message placed_before_message(const PlacedBefore& placed);

}  // namespace sluice::pipeline
