#include "ledger/salvage_columns.hpp"

#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include <optional>
#include <utility>

#include "ledger/schema.hpp"
#include "ledger/sql_functions.hpp"

namespace sluice::adapters::ledger {
namespace {

/// A pragma_table_info of one column; nothing: the table has none of that name, or can't be asked.
std::optional<std::string> default_of(SQLite::Database& database, const char* table, const std::string& column) {
  SQLite::Statement info(database, "SELECT coalesce(dflt_value, 'NULL') FROM pragma_table_info(?) WHERE name = ?");
  info.bind(1, table);
  info.bind(2, column);
  if (!info.executeStep()) return std::nullopt;
  return info.getColumn(0).getString();
}

}  // namespace

SalvageColumns::SalvageColumns() : today_(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE) {
  add_pack_function(today_.getHandle());
  add_print_function(today_.getHandle());
  for (const char* step : ledger_schema_steps()) today_.exec(step);
}

std::vector<std::string> SalvageColumns::select(SQLite::Database& damaged, const char* table,
                                                std::vector<std::string> columns) {
  for (auto& column : columns) {
    if (default_of(damaged, table, column)) continue;
    column = fmt::format("{} AS {}", default_of(today_, table, column).value(), column);
  }
  return columns;
}

}  // namespace sluice::adapters::ledger
