#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/ports/movable_ledger.hpp"

namespace sluice::adapters::packing {

/// How a column's values are kept: SQLite tells a text from bytes, PostgreSQL a word from any text.
enum class ColumnKind : std::uint8_t { number, text, bytes, word };

struct MovedColumn {
  std::string name;
  ColumnKind kind = ColumnKind::number;
};

/// A table that moves from one kind of ledger to the other, which have it alike.
struct MovedTable {
  std::string name;
  std::vector<MovedColumn> columns;  ///< its key first
  std::size_t key = 1;               ///< how many columns the key has
};

const MovedTable& moved_table(ports::MovedTable which);

/// The next rows behind a key, which is bound as the parameters ?1 or $1 and so on (`mark`), then their number. The
/// notes that tell of moves stay where they are.
std::string select_moved(const MovedTable& table, std::string_view mark, bool from_first);
/// `empty`: a column of text besides the table's own that one kind of ledger has, and that stays empty.
std::string insert_moved(const MovedTable& table, std::string_view mark, std::string_view overriding = "",
                         std::string_view empty = "");

/// Departures as they stand under their note: "MOVE\nWHERE\nyes" or "...\nno".
std::string pack_departure(const ports::Departure& departure);
std::optional<ports::Departure> unpack_departure(std::string_view packed);

/// The keys of the two notes. Never rename.
inline constexpr const char* kDeparted = "departed";
inline constexpr const char* kArrived = "arrived";

}  // namespace sluice::adapters::packing
