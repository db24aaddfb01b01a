#pragma once

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calendar.hpp"

namespace sluice::sandbox {

/// An order as it came over the wire. Views: they live as long as the request's body.
struct CreateOrder {
  std::string_view douyin_id;
  std::string_view uid;
  std::string_view source;
  std::string_view end_month_time;
  std::optional<std::string_view> nickname;
  std::optional<std::string_view> province;
  bool is_renew = false;
};
struct UpdateOrder {
  std::string_view order_id;
  std::string_view old_uid;
  std::string_view new_uid;
  std::string_view new_douyin_id;
  std::string_view execute_time;
  std::optional<std::string_view> new_nickname;
};

/// What the pages leave open, and what a test wants to switch off.
struct Rules {
  bool overlap_guard = true;        ///< off: what the API would refuse as a duplicate (6) is applied again
  std::size_t nickname_limit = 20;  ///< code points
  std::uint32_t update_limit = 3;   ///< updates of one order
};

/// The API's word on one new order. Status 1 to 9 of the create page.
struct Placed {
  int status = 1;
  std::string order_id;  ///< empty unless placed
  std::optional<Day> start;
  std::optional<Day> end;
};

/// An update as it was applied.
struct AppliedUpdate {
  std::string old_uid;
  std::string new_uid;
  std::string new_douyin_id;
  std::string new_nickname;
  Day executes;
  friend bool operator==(const AppliedUpdate&, const AppliedUpdate&) = default;
};

/// An order that was applied.
struct AppliedOrder {
  std::string order_id;
  std::string uid;
  std::string douyin_id;
  std::string source;
  std::string province;
  std::string nickname;
  std::string end_month_time;
  bool is_renew = false;
  Day start;
  Day end;  ///< last day; a renewing order has no end: Day::max()
  std::vector<AppliedUpdate> updates;
  bool pending = false;  ///< the last update waits for its day
};

/// What the API has done so far, and therefore what it answers next. Judges by the statuses of the two pages; the order
/// of the checks puts what our own earlier success could cause (overlap, pending) last. One thread.
class OrderMemory {
 public:
  explicit OrderMemory(Rules rules) : rules_(rules) {}

  /// Judges, and applies when the status is 1.
  Placed create(const CreateOrder& order, WallTime now);
  /// Judges, and applies when the status is 1. Status 1 to 10 of the modify page.
  int update(const UpdateOrder& order, WallTime now);

  /// Applies without judging: what the state file remembers.
  void restore(const CreateOrder& order, std::string_view order_id, Day start);
  /// nullopt: there is no such order.
  std::optional<Day> restore(const UpdateOrder& order);
  /// An order that exists before anybody asks: not counted as applied.
  void know(const CreateOrder& order, std::string_view order_id, Day start);

  std::uint64_t applied() const { return applied_; }
  /// Applications beyond the first of the same order with the same values.
  std::uint64_t applied_again() const { return applied_again_; }
  const std::deque<AppliedOrder>& orders() const { return orders_; }
  std::vector<const AppliedOrder*> of_uid(std::string_view uid) const;

 private:
  using Index = std::uint32_t;
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept;
  };
  template <class Value>
  using ByText = boost::unordered_flat_map<std::string, Value, TextHash, std::equal_to<>>;
  struct Person {
    std::string douyin_id;
    std::vector<Index> orders;
  };

  int judge(const CreateOrder& order, Day start, std::optional<Day> end) const;
  int judge(const UpdateOrder& order, Day today) const;
  bool overlaps(std::string_view uid, Day start, Day end) const;
  bool known_otherwise(std::string_view uid, std::string_view douyin_id) const;
  Person& person(std::string_view uid, std::string_view douyin_id);
  void take_effect(Day today);

  Rules rules_;
  std::deque<AppliedOrder> orders_;
  ByText<Index> by_id_;
  ByText<Person> people_;
  std::multimap<Day, Index> pending_;  ///< by the day the update executes; it takes effect the day after
  std::uint64_t next_id_ = 1;
  std::uint64_t applied_ = 0;
  std::uint64_t applied_again_ = 0;
};

}  // namespace sluice::sandbox
