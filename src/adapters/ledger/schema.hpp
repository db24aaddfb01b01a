#pragma once

#include <cstdint>
#include <span>

#include "sluice/base/error.hpp"

namespace SQLite {
class Database;
}

namespace sluice::adapters::ledger {

/// PRAGMA application_id of a ledger ("Slui"), so that no other SQLite file is ever taken for one.
inline constexpr std::int32_t kLedgerApplicationId = 0x536c7569;

/// The schema as the steps that lead to it: a ledger of version n (PRAGMA user_version) has taken the first n of them.
/// A step that was released is never changed; a new version appends one, and to what a new ledger is made of at once.
std::span<const char* const> ledger_schema_steps();

/// Takes the steps that a ledger has not taken, all in one transaction. Kind `config`: of a newer version than `steps`
/// know, or no ledger at all. Throws SQLite::Exception for what SQLite itself says.
Result<void> migrate_ledger(SQLite::Database& database, std::span<const char* const> steps = ledger_schema_steps());

/// That it is a ledger, of a version that `steps` lead to (`read_only`: of exactly the last; else any earlier one, or
/// an empty file). Same errors; changes nothing.
Result<void> check_ledger_version(SQLite::Database& database, bool read_only,
                                  std::span<const char* const> steps = ledger_schema_steps());

}  // namespace sluice::adapters::ledger
