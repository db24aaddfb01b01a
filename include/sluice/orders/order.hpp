#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/base/time.hpp"
#include "sluice/orders/dates.hpp"
#include "sluice/orders/mapping.hpp"
#include "sluice/orders/service.hpp"
#include "sluice/text/words.hpp"

namespace sluice::orders {

inline constexpr std::size_t kMaxFields = 8;

/// One order in canonical values, ready for the wire. Two orders are the same order when they compare equal.
struct Order {
  std::optional<ServiceId> service;
  std::array<std::optional<std::string>, kMaxFields>
      values;  ///< by index into Service::fields; "true"/"false" for booleans
  friend bool operator==(const Order&, const Order&) = default;

  const std::string& key() const;  ///< the key field's value (uid, orderId)
  /// Of what is worked on: equal for orders of two services on one subject. Stable across versions and machines.
  std::uint64_t key_hash() const;
  std::uint64_t hash() const;  ///< of everything; stable: the ledger keeps it
};

/// What a value looks like where it comes from; mirrors the record's cell without knowing the file.
enum class ValueKind : std::uint8_t { text, number, boolean, null, nested, missing };
struct Value {
  std::string_view text;
  ValueKind kind = ValueKind::text;
};

/// The fields (by index into Service::fields, so that it holds for JSON objects of any key order) whose long numbers a
/// spreadsheet has damaged throughout the file.
using DamagedColumns = std::vector<bool>;

struct JudgeContext {
  WallTime now;  ///< dates are judged for an order completed at this instant
  const DamagedColumns* damaged = nullptr;
};

/// A row that was found good.
struct Judged {
  Order order;
  std::vector<text::Message> warnings;
};

/// What is wrong with a row, in the service's order of fields; at least one. Each says column (as spelled), value
/// (shortened), what was expected, how to mend it.
using Faults = std::vector<text::Message>;

/// Checks one row and normalises it. `values` may be longer than the mapping (the row is then invalid, unless what is
/// beyond is empty) or shorter (missing).
std::expected<Judged, Faults> judge(const Mapping& mapping, std::span<const Value> values, const JudgeContext& context);

/// Judges the dates of an order again, before its first send. Nothing: still good.
std::optional<text::Message> judge_dates(const Order& order, WallTime now);

/// Collects what tells a damaged id column (docs/api.md, Local checks): every id of 16+ digits, three or more of them,
/// has only zeros past its 15th digit.
class DamageWatch {
 public:
  void see(const Mapping& mapping, std::span<const Value> values);
  /// Empty when no column is damaged.
  DamagedColumns damaged() const;

 private:
  struct Seen {
    std::uint64_t long_ids = 0;
    std::uint64_t zero_tails = 0;
  };
  std::vector<Seen> columns_;  ///< by field
};

/// The request body: byte for byte the same for the same orders. All of one service, at least one.
std::string body(std::span<const Order> orders);

/// One order as it stands in the body: equal for equal orders, and only for these.
std::string body_element(const Order& order);

}  // namespace sluice::orders
