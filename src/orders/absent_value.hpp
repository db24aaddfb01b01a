#pragma once

#include <cstdint>
#include <string_view>

namespace sluice::orders {

/// What a program, a spreadsheet or a wrong encoding leaves in a cell in place of its value (docs/api.md, Local
/// checks).
enum class Absence : std::uint8_t {
  none,         ///< it is a value
  placeholder,  ///< NULL, None, nan: there was none
  error,        ///< #N/A, \N: there should have been one
  lost,         ///< U+FFFD or a private-use character: part of it
};

Absence absence_of(std::string_view raw);

}  // namespace sluice::orders
