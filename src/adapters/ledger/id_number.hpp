#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>

namespace sluice::adapters::ledger {

/// The number that an id is, if it can be written in no other way; below 2^63, so that one bit more finds room.
inline std::optional<std::uint64_t> id_number(std::string_view id) {
  if (id.empty() || id.front() < '1' || id.front() > '9') return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  const bool whole = error == std::errc{} && end == id.data() + id.size();
  return whole && number >> 63 == 0 ? std::optional(number) : std::nullopt;
}

}  // namespace sluice::adapters::ledger
