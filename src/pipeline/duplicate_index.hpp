#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "row_lines.hpp"
#include "row_places.hpp"
#include "rows_by_hash.hpp"
#include "sluice/records/cell.hpp"

namespace sluice::pipeline {

/// Which order of a file came before, by siphash() of its body element; about 17 bytes a row. A hit is only a
/// candidate: the caller reads both rows and compares the orders in full.
class DuplicateIndex {
 public:
  /// Every row passes, in file order from 1, valid or not, so that any of them can be read again.
  void pass(const records::RowRef& row, std::uint64_t line) {
    places_.add(row);
    lines_.add(row.row, line);
  }
  void foresee(std::uint64_t order_hash) const { rows_.foresee(order_hash); }
  /// The earlier rows whose order may be the same.
  std::vector<std::uint64_t> candidates(std::uint64_t order_hash) const { return rows_.find(order_hash); }
  void remember(std::uint64_t order_hash, std::uint64_t row) { rows_.add(order_hash, row); }
  /// Of one that is remembered, and later than what was left out before: its order is not to be sent.
  void leave_out(std::uint64_t row);
  /// The row of an order that is to be sent.
  std::optional<std::uint64_t> to_be_sent(std::uint64_t order_hash) const;
  records::RowRef ref(std::uint64_t row) const { return places_.at(row); }
  /// Where a row that has passed begins, as a person counts.
  std::uint64_t line(std::uint64_t row) const { return lines_.of(row); }
  std::uint64_t rows() const { return places_.size(); }

 private:
  RowsByHash rows_;
  RowLines lines_;
  RowPlaces places_;
  std::vector<std::uint64_t> left_out_;
};

}  // namespace sluice::pipeline
