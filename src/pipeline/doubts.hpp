#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "sluice/orders/order.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/records/outcome.hpp"
#include "sluice/text/words.hpp"

namespace sluice::pipeline {

/// The orders in doubt, of all jobs, as the ledger has them: none of these goes out again before somebody found that it
/// was not applied.
class Doubts {
 public:
  Doubts() = default;
  explicit Doubts(std::vector<ports::Doubt> doubts) { add(std::move(doubts)); }

  /// Of what has just become durable; one that is known is replaced.
  void add(std::vector<ports::Doubt> doubts);
  /// All of them, as the ledger has them now.
  void renew(std::vector<ports::Doubt> doubts);
  void resolve(const ports::ResolveDoubts& resolve);
  /// Those that count now.
  std::vector<ports::Doubt> all(WallTime now) const;
  /// How many of a job's own nobody has looked up.
  std::uint64_t open_of(JobId job) const;
  /// How often this process has changed them: what was read of the ledger before that may be older.
  std::uint64_t changes() const { return changes_; }

  /// What becomes of an order that is not sent because of one of these.
  struct Known {
    records::Outcome outcome;  ///< duplicate or in_doubt
    text::Message why;
  };
  /// nullopt: it may be sent: it is in none, or in none that still counts, or was found not to have been applied.
  std::optional<Known> why_not(const orders::Order& order, WallTime now) const;

 private:
  std::unordered_multimap<std::uint64_t, ports::Doubt> by_hash_;
  std::uint64_t changes_ = 0;
};

}  // namespace sluice::pipeline
