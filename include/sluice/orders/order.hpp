#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/base/cell.hpp"
#include "sluice/base/time.hpp"
#include "sluice/orders/dates.hpp"
#include "sluice/orders/mapping.hpp"
#include "sluice/orders/service.hpp"
#include "sluice/text/words.hpp"

namespace sluice::orders {

/// Where the texts of orders stand, one behind the other: an allocation for many of them, and none for orders that are
/// gone before the next one comes. A text never moves, and stays for as long as its order, whatever becomes of this.
class OrderTexts {
 public:
  /// `at_once`: how much is allocated, or what one order needs.
  explicit OrderTexts(std::size_t at_once = std::size_t{16} * 1024) : at_once_(at_once) {}
  /// Room for one more, of which nothing counts before took().
  char* room(std::size_t bytes) {
    if (text_.use_count() == 1) used_ = 0;
    return size_ - used_ < bytes ? begin_anew(bytes) : text_.get() + used_;
  }
  /// Up to there it was written. What keeps it.
  std::shared_ptr<const char[]> took(const char* end) {
    used_ = static_cast<std::size_t>(end - text_.get());
    return text_;
  }

 private:
  char* begin_anew(std::size_t bytes);

  std::size_t at_once_;
  std::shared_ptr<char[]> text_;
  std::size_t size_ = 0;
  std::size_t used_ = 0;
};

/// One order, as it stands in the body. Two orders are the same order when they compare equal.
class Order {
 public:
  /// Canonical values by index into Service::fields; "true" and "false" for booleans.
  using Values = std::array<std::optional<std::string_view>, kMaxFields>;

  /// Some of a service's fields.
  using Fields = std::bitset<kMaxFields>;

  /// None, of no service.
  Order() = default;
  Order(ServiceId service, const Values& values);
  /// `plain`: fields whose values are known to stand in JSON as they are.
  Order(ServiceId service, const Values& values, Fields plain, OrderTexts& texts);

  std::optional<ServiceId> service() const { return service_; }
  /// As long as the order, or a copy of it.
  std::optional<std::string_view> value(std::size_t field) const;
  Values values() const;
  std::string_view key() const;  ///< the key field's value (uid, orderId)

  /// Its element of the body: equal for equal orders, and only for these.
  std::string_view element() const { return {text_, element_bytes_}; }
  /// Of what is worked on: equal for orders of two services on one subject. Stable across versions and machines.
  std::uint64_t key_hash() const;
  std::uint64_t hash() const;  ///< of everything; stable: the ledger keeps it

  friend bool operator==(const Order& a, const Order& b) {
    return a.service_ == b.service_ && a.element() == b.element();
  }

 private:
  friend class OrderWriter;

  /// Of the text. No value begins where the element does: begin 0 says that there is none.
  struct Span {
    std::uint32_t begin = 0;
    std::uint32_t size = 0;
  };

  std::optional<ServiceId> service_;
  std::array<Span, kMaxFields> spans_;
  std::shared_ptr<const char[]> texts_;
  const char* text_ = nullptr;  ///< the element, and behind it the values that are escaped there
  std::uint32_t element_bytes_ = 0;
};

/// A value as its record has it.
using Value = Cell;
using ValueKind = CellKind;

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

/// What the last row had in the fields of which a file has few different values, and what that stands for: most rows
/// have the same. And where the orders' texts are put. Of rows of one service.
class LastValues {
 public:
  static constexpr std::size_t kRemembered = 32;  ///< bytes; what is longer is looked up each time
  struct Last {
    std::uint32_t text_size = 0;
    std::uint32_t canonical_size = 0;  ///< 0: none is known
    std::array<char, kRemembered> text{};
    std::array<char, kRemembered> canonical{};
  };

  /// Forgets all of them where dates are judged for another moment than before.
  void judge_for(WallTime now);
  /// What is remembered of a field, until the next put(). Nothing: the last row had something else there.
  const Last* same(std::size_t field, std::string_view text) const;
  /// Its canonical value; empty: as same().
  std::string_view find(std::size_t field, std::string_view text) const;
  void put(std::size_t field, std::string_view text, std::string_view canonical);
  OrderTexts& texts() { return texts_; }

 private:
  std::array<Last, kMaxFields> fields_;
  WallTime now_;
  OrderTexts texts_;
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
/// beyond is empty) or shorter (missing). `last`: spares looking up what the row before had, too.
std::expected<Judged, Faults> judge(const Mapping& mapping, std::span<const Value> values, const JudgeContext& context,
                                    LastValues* last = nullptr);

/// Judges the dates of an order again, before its first send. Nothing: still good. `last`: as for judge(), and not one
/// that was given to it.
std::optional<text::Message> judge_dates(const Order& order, WallTime now, LastValues* last = nullptr);

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
    std::size_t firsts = 0;   ///< dates: a first of a month, with its day written
    bool other_date = false;  ///< one that is none: the others need no look
    std::string spelled;
  };
  static void see_id(std::string_view text, bool letters, Column& column);
  static void see_end(std::string_view text, Column& column);

  std::vector<Column> columns_;         ///< by field
  std::vector<std::size_t> looked_at_;  ///< the fields that anything can be told of
};

/// The request body: byte for byte the same for the same orders. All of one service, at least one.
std::string body(std::span<const Order> orders);

}  // namespace sluice::orders
