#pragma once

#include <memory>

#include "sluice/adapters/postgresql/account.hpp"
#include "sluice/base/error.hpp"
#include "sluice/ports/movable_ledger.hpp"

namespace sluice::adapters::postgresql {

/// The account's ledger; makes its schema where there is none. Errors as enter().
Result<std::unique_ptr<ports::MovableLedger>> open_to_move(const Database& database);

}  // namespace sluice::adapters::postgresql
