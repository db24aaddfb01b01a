#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "sluice/base/time.hpp"

namespace sluice::orders {

/// The Retry-After header: seconds, or a date, which counts from the Date header (the server's own clock) or, without
/// one, from `now`. At most an hour; nothing for garbage and for what lies in the past. Source: RFC
/// 9110, 10.2.3, 5.6.7.
std::optional<std::chrono::seconds> read_retry_after(std::string_view header, std::string_view date, WallTime now);

}  // namespace sluice::orders
