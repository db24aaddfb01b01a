#include "ledger/sql_functions.hpp"

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "packing/answers.hpp"
#include "packing/order_ids.hpp"

namespace sluice::adapters::ledger {
namespace {

using records::RowResult;

RowResult from_sql(std::span<sqlite3_value*> values) {
  const auto number = [&](std::size_t i) { return sqlite3_value_int64(values[i]); };
  const auto absent = [&](std::size_t i) { return sqlite3_value_type(values[i]) == SQLITE_NULL; };
  const auto text = [&](std::size_t i) {
    const auto* begin = reinterpret_cast<const char*>(sqlite3_value_text(values[i]));
    return std::string(begin ? begin : "", static_cast<std::size_t>(sqlite3_value_bytes(values[i])));
  };
  RowResult row{.row = static_cast<std::uint64_t>(number(0)), .outcome = static_cast<records::Outcome>(number(1))};
  if (!absent(2)) row.status = static_cast<int>(number(2));
  row.message = text(3);
  row.order_id = text(4);
  row.start_time = text(5);
  row.end_time = text(6);
  row.attempts = static_cast<std::uint32_t>(number(7));
  row.request = text(8);
  if (!absent(9)) row.at = WallTime(Millis(number(9)));
  return row;
}

}  // namespace

void add_pack_function(sqlite3* database) {
  constexpr int kArguments = 10;
  const auto pack = [](sqlite3_context* context, int count, sqlite3_value** values) {
    const RowResult row = from_sql({values, static_cast<std::size_t>(count)});
    const std::string packed = packing::pack_answers({&row, 1});
    sqlite3_result_blob(context, packed.data(), static_cast<int>(packed.size()), SQLITE_TRANSIENT);
  };
  sqlite3_create_function(database, "pack_answer", kArguments, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, pack,
                          nullptr, nullptr);
}

void add_print_function(sqlite3* database) {
  const auto print = [](sqlite3_context* context, int, sqlite3_value** values) {
    packing::HistoryPiece piece;
    const auto bytes = [&](int i) {
      return std::string(static_cast<const char*>(sqlite3_value_blob(values[i])),
                         static_cast<std::size_t>(sqlite3_value_bytes(values[i])));
    };
    piece.answers.bytes = bytes(0);
    piece.ids.bytes = bytes(1);
    const auto all = remembered(piece);
    const auto prints = all ? packing::pack_prints(all->rows, all->orders) : std::string();
    sqlite3_result_blob(context, prints.data(), static_cast<int>(prints.size()), SQLITE_TRANSIENT);
  };
  sqlite3_create_function(database, "print_orders", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, print, nullptr,
                          nullptr);
}

}  // namespace sluice::adapters::ledger
