#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::text {

/// How many columns of a terminal the text takes: two for a wide character (East Asian Width W and F), none for a
/// combining one, nor for a colour (ESC [ … m).
std::size_t columns(std::string_view utf8);

/// A line as lines of at most so many columns (at least 2), broken at blanks where there are any. What follows the
/// first is indented as it is, and by two more, where there is room for that. Colours stay as they are.
std::vector<std::string> wrap(std::string_view line, std::size_t most_columns);

}  // namespace sluice::text
