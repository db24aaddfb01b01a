#pragma once

#include <cstdint>
#include <string_view>

namespace sluice {

enum class CellKind : std::uint8_t {
  text,     ///< a CSV cell, or a JSON string
  number,   ///< a JSON number, its literal untouched (ids are exact)
  boolean,  ///< JSON true / false
  null,     ///< JSON null
  nested,   ///< a JSON object or array, its literal
  missing,  ///< a CSV row shorter than its header
};

/// What a record has in one of its columns.
struct Cell {
  std::string_view text;  ///< UTF-8; CSV: unquoted; JSON strings: unescaped; else the literal
  CellKind kind = CellKind::text;
};

}  // namespace sluice
