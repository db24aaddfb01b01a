#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "sluice/orders/order.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/text/words.hpp"

namespace sluice::pipeline {

/// The orders in doubt, of all jobs, as the ledger has them: none of these may go out again before it is resolved.
class Doubts {
 public:
  Doubts() = default;
  explicit Doubts(std::vector<ports::Doubt> doubts) { add(std::move(doubts)); }

  /// Of what has just become durable.
  void add(std::vector<ports::Doubt> doubts);
  void resolved(JobId job);
  /// Why this order is not sent: the same one is in doubt. nullopt: it is in none, or in none that still counts.
  std::optional<text::Message> why_not(const orders::Order& order, WallTime now) const;

 private:
  std::unordered_multimap<std::uint64_t, ports::Doubt> by_hash_;
};

}  // namespace sluice::pipeline
