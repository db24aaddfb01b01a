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

/// What the whole file tells of the long numbers in one of its columns (docs/api.md, Local checks). Bit n: those of n
/// digits that end as rounding leaves them.
struct DamagedIds {
  std::uint32_t rounded = 0;   ///< were rounded: invalid
  std::uint32_t doubtful = 0;  ///< too few to tell: a warning
  friend bool operator==(const DamagedIds&, const DamagedIds&) = default;
};
/// By field (index into Service::fields, so that it holds for JSON objects of any key order).
using DamagedColumns = std::vector<DamagedIds>;

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

/// Collects what only the whole file tells of its columns (docs/api.md, Local checks): long ids that were rounded, and
/// months that were turned into days.
class ColumnWatch {
 public:
  void see(const Mapping& mapping, std::span<const Value> values);
  /// Empty when there is nothing to say of any column. Of ids of one length all have to end as rounding leaves them,
  /// three different ones at least; where others of the column stand in scientific notation, one is enough.
  DamagedColumns damaged() const;
  /// Of the file as a whole.
  std::vector<text::Message> warnings() const;

 private:
  static constexpr std::size_t kEnough = 3;
  struct Length {
    std::uint64_t ids = 0;
    std::uint64_t rounded = 0;
    std::vector<std::string> different;  ///< of the rounded ones, the first kEnough
  };
  struct Column {
    std::array<Length, 5> lengths;  ///< from 16 digits to 20
    bool scientific = false;
    std::uint64_t dates = 0;
    std::uint64_t firsts = 0;  ///< of the dates: a first of a month, with its day written
    std::string spelled;
  };
  static void see_id(std::string_view text, bool letters, Column& column);
  static void see_end(std::string_view text, Column& column);

  std::vector<Column> columns_;  ///< by field
};

/// One order as it stands in the body: equal for equal orders, and only for these.
std::string body_element(const Order& order);
void append_body_element(const Order& order, std::string& out);

/// The request body, order by order: byte for byte the same for the same orders. All of one service, at least one.
class Body {
 public:
  /// The order's body_element(), which lives until the next call.
  std::string_view add(const Order& order);
  std::string take();

 private:
  std::optional<ServiceId> service_;
  std::string text_;
};
std::string body(std::span<const Order> orders);

}  // namespace sluice::orders
