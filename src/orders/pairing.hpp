#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "envelope.hpp"
#include "sluice/orders/answer.hpp"

namespace sluice::orders {

/// An answer's rows, put to the orders they speak of.
struct Paired {
  std::vector<std::optional<RowAnswer>> rows;  ///< one per order sent
  std::vector<std::string>
      doubts;  ///< for people: echoes that differ, rows that contradict each other or are of others
  bool any() const;
};

/// What pair_rows() wants of each row of an answer, to be read into its envelope.
std::vector<std::string_view> wanted_of_rows(const Service& table);

/// By the key that a row echoes; without one by index, where the service allows it, the counts are equal and the rows
/// that do echo a key stand at their own index. A row is used once; rows of one order that contradict each other are
/// not used at all; rows of unknown orders are ignored.
Paired pair_rows(const Envelope& envelope, std::span<const Order> sent);

}  // namespace sluice::orders
