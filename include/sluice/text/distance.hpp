#pragma once

#include <cstddef>
#include <string_view>

namespace sluice::text {

/// Levenshtein's distance in code points: how many were put in, left out or mistaken for others. Takes any
/// bytes; what is not UTF-8 counts somehow.
std::size_t distance(std::string_view a, std::string_view b);

}  // namespace sluice::text
