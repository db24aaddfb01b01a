#pragma once

struct sqlite3;

namespace sluice::adapters::ledger {

/// Makes pack_answer(row, outcome, ...) known to SQL: for the schema step that packs the rows of an older ledger.
void add_pack_function(sqlite3* database);

/// SQL's print_orders(answers, ids), for ledgers that remember orders from before there were prints. Of a piece that
/// can't be read: none.
void add_print_function(sqlite3* database);

}  // namespace sluice::adapters::ledger
