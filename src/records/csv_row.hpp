#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/records/cell.hpp"
#include "sluice/records/reader.hpp"

namespace sluice::records {

/// What separates cells and rows. LF and CRLF always end a row; a CR alone only where it ends the header, too:
/// elsewhere it is a character of a cell (docs/contract.md, Input).
struct CsvDialect {
  char delimiter = ',';
  bool lone_cr_ends = true;
};
CsvDialect dialect_of(const Format& format);

/// One cell as it stands in decoded text, with its quotes and with the blanks before them. 32 bits: a row is at most a
/// chunk longer than Limits::record_bytes.
struct CellSpan {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t open = 0;    ///< of the opening quote
  std::uint32_t closed = 0;  ///< after the closing quote; 0: the cell is not quoted
  bool quoted() const { return closed != 0; }
};

/// One row of delimited text, whatever stands in it. The rules are those of RFC 4180; a quote elsewhere than at a
/// cell's begin is itself. Blanks and U+FEFF before an opening quote belong neither to the delimiter nor to the cell.
struct CsvRow {
  enum class Status { row, need_more, unclosed_quote, too_many_cells };

  std::vector<CellSpan> cells;
  std::size_t end = 0;    ///< of the row, before its line end; a fault's place is the last cell
  std::size_t next = 0;   ///< after its line end
  bool unclosed = false;  ///< the last cell's quote does not close in what there is of the text

  /// Reads the row at the text's begin. `last`: the text's end is the file's end.
  Status scan(std::string_view text, CsvDialect dialect, bool last, const Limits& limits);

  /// Takes from the end of a file's last row what is none of its own: 0x1A, as DOS marked the end, and a CR whose LF
  /// was cut off.
  void drop_end_mark(std::string_view text);

  /// Nothing but delimiters, quotes, white space and end marks: a blank line to people.
  bool blank(std::string_view text) const;

 private:
  CellSpan scan_cell(std::string_view text, std::size_t begin);
  /// Whether one of stops_ does end the cell.
  bool ends_cell(std::string_view text, std::size_t pos) const;

  std::array<bool, 256> stops_;
  CsvDialect dialect_;
  bool last_ = false;
};

/// The cell's value, without quotes. `keep` is given what doesn't stand in the text as it is meant.
template <class Keep>
std::string_view value_of(std::string_view text, CellSpan cell, Keep keep);
/// The same of a cell that is quoted, with what stands behind it; nullopt: as_written() says it.
std::optional<std::string> unquoted(std::string_view text, CellSpan cell);
/// Without quotes at its ends, or a byte order mark before it.
inline std::string_view as_written(std::string_view text, CellSpan cell) {
  constexpr std::string_view kBom = "\uFEFF";
  auto value = cell.quoted() ? text.substr(cell.open + 1, cell.closed - cell.open - 2)
                             : text.substr(cell.begin, cell.end - cell.begin);
  while (!value.empty() && value.front() == kBom.front() && value.starts_with(kBom)) value.remove_prefix(kBom.size());
  return value;
}

/// What stands behind a cell's closing quote, but for blanks: a quote inside the value that was not doubled.
std::string_view behind_quote(std::string_view text, CellSpan cell);

/// Whether a quoted cell runs over a line end.
bool spans_lines(std::string_view text, CellSpan cell, CsvDialect dialect);

template <class Keep>
std::string_view value_of(std::string_view text, CellSpan cell, Keep keep) {
  if (cell.quoted())
    if (auto value = unquoted(text, cell)) return keep(*std::move(value));
  return as_written(text, cell);
}

/// A record's cells: as many as the header has, or more; cells beyond it that are blank to the row's end don't count.
void fill_record(std::string_view text, const CsvRow& row, std::size_t columns, Record& out);

/// Judges a line as if no quote in it meant anything: whether these cells are a row of their own.
using ReadsAsRow = std::function<bool(std::span<const std::string_view> cells)>;

/// How many of a cell's lines must read as rows before its quotes are taken for stray characters.
enum class RowLines : std::uint8_t {
  each,       ///< all that are not blank
  any_inner,  ///< one that lies inside the cell as a whole, or both that where it opens and that where it closes
};

/// The first cell over several lines whose lines read as rows.
std::optional<std::size_t> swallowing_cell(std::string_view text, const CsvRow& row, CsvDialect dialect, RowLines which,
                                           const ReadsAsRow& reads_as_row);

}  // namespace sluice::records
