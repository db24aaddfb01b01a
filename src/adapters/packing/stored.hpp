#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "sluice/ports/ledger.hpp"
#include "sluice/records/cell.hpp"

namespace sluice::adapters::packing {

/// Whether a number can be one of an enum's. A service is a row of orders::services(), which grows; 0 stands for none.
template <class E>
bool in_range_of(std::uint64_t number) {
  if constexpr (std::is_same_v<E, ports::JobState>) return number - 1 < std::to_underlying(ports::JobState::dropped);
  if constexpr (std::is_same_v<E, ports::Hold>) return number <= std::to_underlying(ports::Hold::placed_before);
  if constexpr (std::is_same_v<E, text::Lang>) return number <= std::to_underlying(text::Lang::zh);
  if constexpr (std::is_same_v<E, ports::LookedUp>) return number <= std::to_underlying(ports::LookedUp::not_applied);
  if constexpr (std::is_same_v<E, records::Outcome>) return number - 1 < std::to_underlying(records::Outcome::in_doubt);
  if constexpr (std::is_same_v<E, orders::ServiceId>) return orders::find_service(number) != nullptr;
  return number - 1 < std::numeric_limits<std::underlying_type_t<E>>::max();
}

/// Bytes that are no text.
struct Blob {
  std::string bytes;
};

/// Where a batch's rows lie, as stored: a form byte (1), then for each row three LEB128 numbers: its number less the
/// row's before, its offset less the end of the row before (zigzag), its length. About four bytes a row.
std::string pack_row_refs(const std::vector<records::RowRef>& rows);

/// nullopt: not such a form, that is, damaged.
std::optional<std::vector<records::RowRef>> unpack_row_refs(std::string_view packed);

/// Hashes, eight bytes each, little-endian, whatever the machine. nullopt: not a whole number of them.
std::string pack_hashes(const std::vector<std::uint64_t>& hashes);
std::optional<std::vector<std::uint64_t>> unpack_hashes(std::string_view packed);

}  // namespace sluice::adapters::packing
