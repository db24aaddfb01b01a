#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/records/cell.hpp"
#include "sluice/records/reader.hpp"

namespace sluice::records {

/// One cell as it stands in decoded text, quotes included.
struct CellSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool quoted = false;  ///< begins with a quote
};

/// One row of delimited text. The rules are those of RFC 4180, and where people's files differ from it, of Python's csv
/// module: a quote elsewhere than at a cell's begin is itself, and so is what stands behind a closing quote; CR, LF and
/// CRLF end a row.
struct CsvRow {
  enum class Status { row, need_more, unclosed_quote, cell_too_long, too_many_cells };

  std::vector<CellSpan> cells;
  std::size_t end = 0;   ///< of the row, before its line end; a fault's place is the last cell
  std::size_t next = 0;  ///< after its line end

  /// Reads the row at the text's begin. `last`: the text's end is the file's end.
  Status scan(std::string_view text, char delimiter, bool last, const Limits& limits);

  /// Nothing but delimiters, quotes and white space: a blank line to people.
  bool blank(std::string_view text) const;

 private:
  CellSpan scan_cell(std::string_view text, std::size_t begin) const;

  std::array<bool, 256> stops_{};
};

/// The cell's value, without quotes. `buffer` is used where the value doesn't stand in the text as it is.
std::string_view value_of(std::string_view text, CellSpan cell, std::string& buffer);

/// A record's cells: as many as the header has, or more; cells beyond it that are blank to the row's end don't count.
void fill_record(std::string_view text, const CsvRow& row, std::size_t columns, Record& out);

}  // namespace sluice::records
