#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sluice/base/time.hpp"

namespace sluice {

/// UTC with milliseconds, as in 2026-11-21T13:05:09.042Z (RFC 3339, section 5.6).
std::string rfc3339(WallTime t);
/// Nothing but the form that rfc3339() writes is taken.
std::optional<WallTime> parse_rfc3339(std::string_view text);

}  // namespace sluice
