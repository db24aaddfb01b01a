#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <vector>

#include "sluice/base/check.hpp"

namespace sluice::pipeline {

/// Where each row begins, as a person counts: the line, or in JSON the order's number.
class RowLines {
 public:
  /// In file order; rows may be left out.
  void add(std::uint64_t row, std::uint64_t line) {
    const auto ahead = line - row;
    if (leads_.empty() || leads_.back().lines != ahead) leads_.push_back({.from_row = row, .lines = ahead});
  }
  /// Of one that was added.
  std::uint64_t of(std::uint64_t row) const {
    const auto next = std::ranges::upper_bound(leads_, row, {}, &Lead::from_row);
    SLUICE_CHECK(next != leads_.begin(), "a row that was added");
    return row + std::prev(next)->lines;
  }

 private:
  /// By how much the lines are ahead of the rows, from a row on: it changes only at blank lines and line breaks in
  /// quotes.
  struct Lead {
    std::uint64_t from_row;
    std::uint64_t lines;
  };
  std::vector<Lead> leads_;
};

}  // namespace sluice::pipeline
