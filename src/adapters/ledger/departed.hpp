#pragma once

#include <SQLiteCpp/Database.h>

#include <optional>
#include <string>

#include "sluice/base/error.hpp"
#include "sluice/ports/movable_ledger.hpp"

namespace sluice::adapters::ledger {

/// What the ledger says of having been left.
std::optional<ports::Departure> departure_of(SQLite::Database& database);

/// Kind config, in words that say where it went, and what to do where that is not known.
Result<void> not_departed(SQLite::Database& database, const std::string& path);

}  // namespace sluice::adapters::ledger
