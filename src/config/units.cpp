#include "sluice/config/units.hpp"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <span>

namespace sluice::config {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

// Largest first: that is the order they are tried in when a value is written.
constexpr Unit kTimes[] = {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}};
constexpr Unit kSizes[] = {{"TiB", 1ULL << 40},
                           {"GiB", 1ULL << 30},
                           {"MiB", 1ULL << 20},
                           {"KiB", 1ULL << 10},
                           {"TB", 1'000'000'000'000},
                           {"GB", 1'000'000'000},
                           {"MB", 1'000'000},
                           {"KB", 1'000},
                           {"", 1}};
constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

std::optional<std::uint64_t> with_unit(std::string_view text, std::span<const Unit> units) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::optional<std::uint64_t> value = whole_number(text.substr(0, digits));
  if (!value) return std::nullopt;
  for (const Unit& unit : units) {
    if (unit.name != text.substr(digits)) continue;
    return *value <= kMost / unit.factor ? std::optional(*value * unit.factor) : std::nullopt;
  }
  return std::nullopt;
}

std::string text_of(std::uint64_t value, std::span<const Unit> units) {
  for (const Unit& unit : units) {
    if (value >= unit.factor && value % unit.factor == 0) return fmt::format("{}{}", value / unit.factor, unit.name);
  }
  return "0";
}

}  // namespace

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  return error == std::errc{} && at == end ? std::optional(value) : std::nullopt;
}

std::optional<Millis> duration(std::string_view text) {
  const std::optional<std::uint64_t> value = with_unit(text, kTimes);
  return value ? std::optional(Millis{static_cast<std::int64_t>(*value)}) : std::nullopt;
}

std::string duration_text(Millis value) {
  return value == Millis{0} ? "0s" : text_of(static_cast<std::uint64_t>(value.count()), kTimes);
}

std::optional<std::uint64_t> size(std::string_view text) {
  return with_unit(text, kSizes);
}

std::string size_text(std::uint64_t bytes) {
  return text_of(bytes, kSizes);
}

std::optional<std::uint32_t> percent(std::string_view text) {
  if (!text.ends_with('%')) return std::nullopt;
  const std::optional<std::uint64_t> value = whole_number(text.substr(0, text.size() - 1));
  return value && *value <= 100 ? std::optional(static_cast<std::uint32_t>(*value)) : std::nullopt;
}

}  // namespace sluice::config
