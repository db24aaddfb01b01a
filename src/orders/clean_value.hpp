#pragma once

#include <string>
#include <string_view>

namespace sluice::orders {

/// A value without what spreadsheets and exports put around it.
struct CleanValue {
  std::string_view text;
  bool guarded = false;  ///< somebody marked it as text (apostrophe, tab, ="..."): its digits are to be trusted
};

/// For ids, dates and enums: NFKC, trimmed, the marks of protection stripped. `scratch` holds what had to be rewritten;
/// the view lives as long as both.
CleanValue clean(std::string_view raw, std::string& scratch);

/// For nicknames, which stay as they are written: trimmed, ="..." stripped.
CleanValue clean_as_written(std::string_view raw);

/// Cc of Unicode: C0, DEL, C1.
bool has_control(std::string_view utf8);

}  // namespace sluice::orders
