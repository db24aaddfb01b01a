#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/fields.hpp"
#include "ledger/statements.hpp"
#include "sluice/ports/history.hpp"
#include "sluice/ports/ledger.hpp"

struct sqlite3;

namespace sluice::adapters::ledger {

// What is remembered of orders beside their answers, as stored. Readable for as long as it is kept: change the form's
// number, not the form.

/// A form byte (1), then the ids of each order: how many, and each as digits in binary where it is a number that
/// survives that, else as text. Some 16 bytes an order.
std::string pack_ids(std::span<const ports::OrderIds> orders);

/// Adds them. False: it is damaged.
bool unpack_ids(std::string_view packed, std::vector<ports::OrderIds>& orders);

/// By what `find` knows the pieces that may bear an id, without unpacking any other: two bytes of a hash for each id of
/// each order, and for the order id that the API gave it. A piece that bears it has its print; of those that don't, one
/// in some hundreds has.
std::string pack_prints(std::span<const records::RowResult> rows, std::span<const ports::OrderIds> orders);
bool may_bear(std::string_view prints, std::string_view id);

/// SQL's print_orders(answers, ids), for ledgers that remember orders from before there were prints. Of a piece that
/// can't be read: none.
void add_print_function(sqlite3* database);

/// A piece of the history as it was settled, but for the marks, which it doesn't have. Nothing: it is damaged.
std::optional<ports::Remember> remembered(const HistoryPiece& piece);

/// A page of the history. Throws SQLite::Exception. `sound`: false: what was read can't be understood.
ports::HistoryPage read_history(Statements& statements, const ports::HistoryQuery& query, std::uint64_t after,
                                bool& sound);
ports::PlacedPage read_placed(Statements& statements, WallTime since, std::uint64_t after, bool& sound);

}  // namespace sluice::adapters::ledger
