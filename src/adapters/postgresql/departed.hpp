#pragma once

#include <optional>

#include "postgresql/connection.hpp"
#include "sluice/ports/movable_ledger.hpp"

namespace sluice::adapters::postgresql {

/// What the ledger says of having been left.
Result<std::optional<ports::Departure>> departure_of(Connection& connection);

/// Kind config, in words that say where it went, and what to do where that is not known.
Result<void> not_departed(Connection& connection);

}  // namespace sluice::adapters::postgresql
