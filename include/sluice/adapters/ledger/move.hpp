#pragma once

#include <memory>
#include <string>

#include "sluice/base/error.hpp"
#include "sluice/ports/movable_ledger.hpp"

namespace sluice::adapters::ledger {

/// The ledger in a spool's state/, made where there is none, for whoever has the spool's lock. The secret stays with
/// the spool: it keeps none. Errors as SqliteLedger::open.
Result<std::unique_ptr<ports::MovableLedger>> open_to_move(const std::string& path);

/// Whether the ledger there was left for another one, for good: then the file is only a memory of it. A file that is
/// missing or that can't be read was not.
bool was_left(const std::string& path);

}  // namespace sluice::adapters::ledger
