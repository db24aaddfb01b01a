#pragma once

#include <cstdint>
#include <string_view>

namespace sluice::records {

/// Where a person finds a character: line and column from 1, the column in code points. CR, LF and CRLF end a line.
struct Position {
  std::uint64_t line = 1;
  std::uint64_t column = 1;
  bool after_cr = false;  ///< a LF right here would still belong to the line end before it

  /// Steps over text; what lies between calls adds up, wherever it is split.
  void advance(std::string_view utf8);
};

}  // namespace sluice::records
