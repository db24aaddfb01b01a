#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sluice/text/words.hpp"

namespace sluice::records {

enum class CellKind : std::uint8_t {
  text,     ///< a CSV cell, or a JSON string
  number,   ///< a JSON number, its literal untouched (ids are exact)
  boolean,  ///< JSON true / false
  null,     ///< JSON null
  nested,   ///< a JSON object or array, its literal
  missing,  ///< a CSV row shorter than its header
};

struct Cell {
  std::string text;  ///< decoded UTF-8; CSV: unquoted; JSON strings: unescaped; else the literal
  CellKind kind = CellKind::text;
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
  std::vector<Cell> cells;   ///< CSV: as many as the header has columns, or more if the row has more
  std::size_t beyond = 0;    ///< CSV: how many cells the row has beyond the header, empty ones too
  bool spans_lines = false;  ///< CSV: a cell of it runs over a line end
  std::optional<text::Message> flaw;  ///< why the row can't be an order, whatever its columns mean
};

}  // namespace sluice::records
