#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "ledger/schema.hpp"
#include "sluice/adapters/ledger/options.hpp"
#include "sluice/base/error.hpp"

namespace sluice::adapters::ledger {

struct OpenedLedger {
  std::unique_ptr<SQLite::Database> database;
  bool created = false;
};

/// Opens, checks and, where it may, creates the ledger's file or takes it as far as `steps` lead. Errors as
/// SqliteLedger::open.
Result<OpenedLedger> open_file(const std::string& path, const Options& options,
                               std::span<const char* const> steps = ledger_schema_steps());

/// What SQLite reported, as the caller may act on it; the words name the file, what failed and what to do.
/// `system_errno` (sqlite3_system_errno) tells a full disk or a lack of handles from other I/O errors.
Error ledger_error(const std::string& path, const SQLite::Exception& exception, int system_errno);

/// Of a disk that gives nothing at all at this moment, not even a ledger's first byte, that; without a further opening,
/// which would cost our locks.
std::optional<Error> unreadable_now(const std::string& path, SQLite::Database& database);

/// A ledger whose bytes are wrong.
Error damaged_ledger(const std::string& path, const std::string& what);

}  // namespace sluice::adapters::ledger
