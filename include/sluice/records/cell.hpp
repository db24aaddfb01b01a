#pragma once

#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/base/cell.hpp"
#include "sluice/text/words.hpp"

namespace sluice::records {

using sluice::Cell;
using sluice::CellKind;

/// The cells of a record. Their texts are views of what it was read from, as long as that lives (see Reader and
/// read_again()); a copy holds its texts itself.
class Cells {
 public:
  Cells() = default;
  Cells(const Cells& others) { *this = others; }
  Cells& operator=(const Cells& others);
  Cells(Cells&&) = default;
  Cells& operator=(Cells&&) = default;

  std::size_t size() const { return cells_.size(); }
  bool empty() const { return cells_.empty(); }
  auto begin() const { return cells_.begin(); }
  auto end() const { return cells_.end(); }
  const Cell& operator[](std::size_t i) const { return cells_[i]; }
  Cell& operator[](std::size_t i) { return cells_[i]; }
  const Cell& back() const { return cells_.back(); }
  std::span<const Cell> all() const { return cells_; }

  /// So many of them, to be filled anew.
  void renew(std::size_t count) {
    kept_.clear();
    cells_.resize(count);
  }
  void push_back(Cell cell) { cells_.push_back(cell); }
  /// Holds a text that stands nowhere as it is meant.
  std::string_view keep(std::string text) { return kept_.emplace_front(std::move(text)); }

 private:
  std::vector<Cell> cells_;
  std::forward_list<std::string> kept_;
};

/// Where a record lies in the file, so that it can be read again.
struct RowRef {
  std::uint64_t row = 0;     ///< number of the record, from 1; blank lines don't count
  std::uint64_t offset = 0;  ///< first raw byte in the file
  std::uint32_t length = 0;  ///< raw bytes, without the line ending
  friend bool operator==(const RowRef&, const RowRef&) = default;
};

/// One row of a CSV file or one order of a JSON file.
struct Record {
  RowRef ref;
  std::uint64_t line = 0;  ///< CSV: the physical line (from 1) where it begins. JSON: the order's number from 1.
  std::vector<std::string>
      names;                 ///< JSON: the keys, in order (repeated keys stay). CSV: empty, the header names them.
  Cells cells;               ///< CSV: as many as the header has columns, or more if the row has more
  std::size_t beyond = 0;    ///< CSV: how many cells the row has beyond the header, empty ones too
  bool spans_lines = false;  ///< CSV: a cell of it runs over a line end
  std::optional<text::Message> flaw;  ///< why the row can't be an order, whatever its columns mean
};

}  // namespace sluice::records
