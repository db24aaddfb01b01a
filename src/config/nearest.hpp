#pragma once

#include <string_view>

namespace sluice::config {

/// The known key or group that somebody who wrote `dotted` most likely meant: by spelling, or the same name in another
/// group.
std::string_view nearest_key(std::string_view dotted);

}  // namespace sluice::config
