#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "row_places.hpp"
#include "sluice/records/cell.hpp"

namespace sluice::pipeline {

/// Which order of a file came before, by siphash() of its body element; about 17 bytes a row. Under a key that nobody
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
  /// Of one that is remembered, and later than what was left out before: its order is not to be sent.
  void leave_out(std::uint64_t row);
  /// The row of an order that is to be sent.
  std::optional<std::uint64_t> to_be_sent(std::uint64_t order_hash) const;
  records::RowRef ref(std::uint64_t row) const { return places_.at(row); }
  /// Where a row that has passed begins, as a person counts.
  std::uint64_t line(std::uint64_t row) const;
  std::uint64_t rows() const { return places_.size(); }

 private:
  /// By how much the lines are ahead of the rows, from a row on: it changes only at blank lines and line breaks in
  /// quotes.
  struct Lead {
    std::uint64_t from_row;
    std::uint64_t lines;
  };
  /// Open addressing: tag (upper half of the order's hash) and row in one word, 0: empty.
  struct Part {
    std::vector<std::uint64_t> slots;
    std::size_t used = 0;

    std::size_t home(std::uint64_t tag) const { return (tag * slots.size()) >> 32; }
    void insert(std::uint64_t slot);
    void grow(std::size_t to);
  };
  // An order's part is chosen by its hash. Each grows by itself: a table of all would need its memory twice over just
  // when it is largest.
  static constexpr std::size_t kParts = 64;
  template <class Each>
  void each_candidate(std::uint64_t order_hash, Each each) const;

  std::array<Part, kParts> parts_;
  std::vector<Lead> leads_;
  /// Of an order's hash what its part and its tag leave out, but for two bits.
  using Second = std::array<std::uint8_t, 3>;
  static Second second_of(std::uint64_t order_hash);
  std::deque<Second> seconds_;  ///< by row - 1, for those remembered
  RowPlaces places_;
  std::vector<std::uint64_t> left_out_;
};

}  // namespace sluice::pipeline
