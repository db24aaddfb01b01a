#pragma once

#include <string>

#include "sluice/base/time.hpp"

namespace sluice {

/// UTC with milliseconds, as in 2026-11-21T13:05:09.042Z (RFC 3339, section 5.6).
std::string rfc3339(WallTime t);

}  // namespace sluice
