#pragma once

#include <cstdint>

#include "ledger/statements.hpp"
#include "sluice/ports/history.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::adapters::ledger {

/// A page of the history. Throws SQLite::Exception. `sound`: false: what was read can't be understood.
ports::HistoryPage read_history(Statements& statements, const ports::HistoryQuery& query, std::uint64_t after,
                                bool& sound);
ports::PlacedPage read_placed(Statements& statements, WallTime since, std::uint64_t after, bool& sound);

}  // namespace sluice::adapters::ledger
