#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::orders {

/// A value without what spreadsheets and exports put around it.
struct CleanValue {
  std::string_view text;
  bool guarded =
      false;  ///< somebody marked it as text (apostrophe, backtick, tab, ="..."): its digits are to be trusted
};

/// For ids and dates: full-width forms folded, trimmed, the marks of protection stripped. Nothing else is rewritten: a
/// superscript may be a footnote's mark and no digit. `scratch` holds what had to be rewritten; the view lives as long
/// as both.
CleanValue clean(std::string_view raw, std::string& scratch);

/// For what is looked up in a table: NFKC, too.
CleanValue clean_for_lookup(std::string_view raw, std::string& scratch);

/// For nicknames, which stay as they are written: trimmed, ="..." and a backtick stripped.
CleanValue clean_as_written(std::string_view raw);

/// A superscript, a circled digit or another that only compatibility makes a digit (full-width ones aside).
bool has_compatibility_digit(std::string_view utf8);

/// What a program, a spreadsheet or a wrong encoding leaves in a cell in place of its value (docs/api.md, Local
/// checks).
enum class Absence : std::uint8_t {
  none,         ///< it is a value
  placeholder,  ///< NULL, None, nan: there was none
  error,        ///< #N/A, \N: there should have been one
  lost,         ///< U+FFFD or a private-use character: part of it
};

Absence absence_of(std::string_view raw);

/// Cc of Unicode: C0, DEL, C1.
bool has_control(std::string_view utf8);

}  // namespace sluice::orders
