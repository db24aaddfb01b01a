#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::orders {

/// A header without what people put around it: a leading or trailing `*`, a trailing colon, notes in brackets behind it
/// (docs/contract.md, Input).
struct DecoratedHeader {
  std::string name;
  std::vector<std::string> notes;
};

/// nullopt: there is nothing around it.
std::optional<DecoratedHeader> without_decoration(std::string_view header);

}  // namespace sluice::orders
