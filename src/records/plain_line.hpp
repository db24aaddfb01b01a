#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sluice/records/cell.hpp"
#include "sluice/records/reader.hpp"

namespace sluice::records {

/// A line of delimited text without a quote, as nearly all are, read straight into a record's cells: to the same as
/// CsvRow and fill_record() come to (csv_row.hpp), which are for all others.
class PlainLine {
 public:
  /// Only where LF ends the rows. `columns`: of the header.
  PlainLine(char delimiter, std::size_t columns, const Limits& limits)
      : delimiter_(delimiter), columns_(columns), limits_(limits) {}

  /// The line at the text's begin: how long it is, without its line end and with it. Nothing: it is not plain, or not
  /// there up to its LF. What `out` has then is of no use.
  struct Length {
    std::size_t row;
    std::size_t line;
  };
  std::optional<Length> line(std::string_view text, Record& out) const;
  /// The same of a text that is one row and nothing else. False: it is not plain.
  bool row(std::string_view text, Record& out) const;

 private:
  /// Where the next cell begins, and where it is put.
  struct Put {
    const char* begin;
    Cell* cell;
    Cell* end;               ///< of a header's columns
    std::size_t beyond = 0;  ///< how many are
  };
  Put begin(std::string_view text, Record& out) const;
  bool put_cell(const char* end, Put& put) const;
  bool put_cells(const char* at, std::uint64_t delimiters, Put& put) const;
  bool finish(const Put& put, Record& out) const;

  char delimiter_;
  std::size_t columns_;
  Limits limits_;
};

}  // namespace sluice::records
