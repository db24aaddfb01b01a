#pragma once

#include <string>

namespace sluice::text {

/// What the system says of an errno, in both languages; a rare one keeps the system's own words and its number.
std::string system_words(int error);

}  // namespace sluice::text
