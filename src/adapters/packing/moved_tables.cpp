#include "packing/moved_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

#include "packing/fields.hpp"

namespace sluice::adapters::packing {

namespace {

template <class T>
constexpr ColumnKind kind_of() {
  if (std::is_same_v<T, std::string>) return ColumnKind::text;
  if (std::is_same_v<T, Blob> || std::is_same_v<T, std::vector<std::uint64_t>>) return ColumnKind::bytes;
  return ColumnKind::number;
}

/// A record's columns, those of its key first.
template <class T>
MovedTable table_of(std::string name, const std::vector<std::string>& key) {
  MovedTable table{.name = std::move(name), .columns = {}, .key = key.size()};
  T record{};
  each_field(record, [&](const char* column, auto& member) {
    table.columns.push_back({.name = column, .kind = kind_of<std::remove_cvref_t<decltype(member)>>()});
  });
  std::ranges::stable_partition(table.columns, [&](const auto& one) { return std::ranges::count(key, one.name) > 0; });
  return table;
}

std::string names(const MovedTable& table, std::size_t count) {
  std::string joined;
  for (std::size_t i = 0; i < count; ++i) joined += (i == 0 ? "" : ",") + table.columns[i].name;
  return joined;
}

std::string marks(std::string_view mark, std::size_t count) {
  std::string joined;
  for (std::size_t i = 1; i <= count; ++i) joined += fmt::format("{}{}{}", i == 1 ? "" : ",", mark, i);
  return joined;
}

}  // namespace

const MovedTable& moved_table(ports::MovedTable which) {
  using enum ColumnKind;
  static const std::array<MovedTable, std::size(ports::kMovedTables)> kTables = {
      table_of<ports::JobHeader>("jobs", {"n"}),
      table_of<ports::Doubt>("doubts", {"job", "row"}),
      MovedTable{.name = "first_sends", .columns = {{"day"}, {"orders"}}},
      MovedTable{.name = "notes", .columns = {{"key", word}, {"value", text}}},
      MovedTable{.name = "numbers", .columns = {{"what"}, {"highest"}}},
      table_of<HistoryPiece>("history", {"id"}),
      MovedTable{.name = "prints", .columns = {{"id"}, {"packed", bytes}}},
      table_of<PlacedPiece>("placed", {"id"}),
  };
  return kTables[std::to_underlying(which)];
}

std::string select_moved(const MovedTable& table, std::string_view mark, bool from_first) {
  const auto key = names(table, table.key);
  const auto behind = from_first ? std::string("true") : fmt::format("({})>({})", key, marks(mark, table.key));
  const auto moves = table.name == "notes" ? fmt::format(" AND key NOT IN ('{}', '{}')", kDeparted, kArrived) : "";
  return fmt::format("SELECT {} FROM {} WHERE {}{} ORDER BY {} LIMIT {}{}", names(table, table.columns.size()),
                     table.name, behind, moves, key, mark, from_first ? 1 : table.key + 1);
}

std::string insert_moved(const MovedTable& table, std::string_view mark, std::string_view overriding,
                         std::string_view empty) {
  const auto count = table.columns.size();
  const auto [more, its_value] =
      empty.empty() ? std::pair(std::string(), "") : std::pair(fmt::format(",{}", empty), ",''");
  return fmt::format("INSERT INTO {}({}{}){} VALUES({}{})", table.name, names(table, count), more, overriding,
                     marks(mark, count), its_value);
}

std::string pack_departure(const ports::Departure& departure) {
  return fmt::format("{}\n{}\n{}", departure.move, departure.where, departure.arrived ? "yes" : "no");
}

std::optional<ports::Departure> unpack_departure(std::string_view packed) {
  if (packed.empty()) return std::nullopt;
  const auto first = packed.find('\n');
  const auto last = packed.rfind('\n');
  // Unreadable words still say that it was left.
  if (first == packed.npos || first == last) return ports::Departure{.move = std::string(packed), .where = "?"};
  return ports::Departure{.move = std::string(packed.substr(0, first)),
                          .where = std::string(packed.substr(first + 1, last - first - 1)),
                          .arrived = packed.substr(last + 1) == "yes"};
}

}  // namespace sluice::adapters::packing
