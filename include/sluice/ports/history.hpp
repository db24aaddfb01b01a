#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sluice/base/ids.hpp"
#include "sluice/base/time.hpp"
#include "sluice/records/outcome.hpp"

namespace sluice::ports {

// What the ledger remembers of orders after their job has ended, for keep.orders: `find` reads it, and a survey warns
// of an order that an earlier file had accepted.

/// By what an order is found again.
struct OrderIds {
  static constexpr std::size_t kMost = 4;
  std::uint64_t mark = 0;              ///< its hash under the spool's secret; 0: not known
  std::array<std::string, kMost> ids;  ///< its uids, douyinIds and orderId, in the order of its fields; else empty
  friend bool operator==(const OrderIds&, const OrderIds&) = default;
};

/// An order that was settled, and what became of it.
struct RememberedOrder {
  JobId job;
  std::array<std::string, OrderIds::kMost> ids;
  records::RowResult result;
  friend bool operator==(const RememberedOrder&, const RememberedOrder&) = default;
};

/// What is asked of the history. Nothing set: all of it.
struct HistoryQuery {
  std::string id;            ///< one of the order's ids, or the order id that the API gave it
  std::optional<JobId> job;  ///< of this one only
};

/// A part of the history, oldest first.
struct HistoryPage {
  std::vector<RememberedOrder> orders;
  std::uint64_t last = 0;  ///< ask for what comes after this
  bool end = true;         ///< nothing comes
};

/// The orders of one job that the API accepted, some of them: their marks.
struct PlacedOrders {
  JobId job;
  WallTime at{};
  std::vector<std::uint64_t> marks;
  friend bool operator==(const PlacedOrders&, const PlacedOrders&) = default;
};
struct PlacedPage {
  std::vector<PlacedOrders> placed;
  std::uint64_t last = 0;
  bool end = true;
};

}  // namespace sluice::ports
