#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/base/time.hpp"

namespace sluice::config {

/// A whole number in decimal digits and nothing else.
std::optional<std::uint64_t> whole_number(std::string_view text);

/// A whole number and a unit: 100ms, 30s, 5m, 2h, 7d.
std::optional<Millis> duration(std::string_view text);
std::string duration_text(Millis value);

/// A whole number of bytes, or of KiB, MiB, GiB, TiB, KB, MB, GB, TB.
std::optional<std::uint64_t> size(std::string_view text);
std::string size_text(std::uint64_t bytes);

/// A whole number and a percent sign.
std::optional<std::uint32_t> percent(std::string_view text);

}  // namespace sluice::config
