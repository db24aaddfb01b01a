#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "sluice/records/cell.hpp"

namespace sluice::pipeline {

/// Which order of a file came before, by siphash() of its body element; about 24 bytes a row. Under a key that nobody
/// knows who writes files, so that none can write rows that meet: by chance two different orders do once in some
/// millions of files. A hit is only a candidate all the same: the caller reads both rows and compares the orders in
/// full.
class DuplicateIndex {
 public:
  /// Every row passes, in file order from 1, valid or not, so that any of them can be read again.
  void pass(const records::RowRef& row, std::uint64_t line);
  /// The earlier rows whose order may be the same.
  std::vector<std::uint64_t> candidates(std::uint64_t order_hash) const;
  void remember(std::uint64_t order_hash, std::uint64_t row);
  records::RowRef ref(std::uint64_t row) const;
  /// Where a row that has passed begins, as a person counts.
  std::uint64_t line(std::uint64_t row) const;

 private:
  /// By how much the lines are ahead of the rows, from a row on: it changes only at blank lines and line breaks in
  /// quotes.
  struct Lead {
    std::uint64_t from_row;
    std::uint64_t lines;
  };
  std::size_t home(std::uint32_t tag) const { return (std::uint64_t{tag} * slots_.size()) >> 32; }
  void insert(std::uint64_t slot);

  // Open addressing: tag (upper half of the order's hash) and row in one word, 0: empty. Grows by half, not by
  // doubling.
  std::vector<std::uint64_t> slots_ = std::vector<std::uint64_t>(64);
  std::size_t used_ = 0;
  std::vector<Lead> leads_;
  std::deque<std::uint32_t> seconds_;  ///< by row - 1: the lower half of its order's hash, for those remembered
  std::deque<std::uint64_t> refs_;     ///< by row - 1: offset (43 bits) and length (21 bits)
};

}  // namespace sluice::pipeline
