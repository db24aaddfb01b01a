#pragma once

#include <SQLiteCpp/Database.h>

#include <memory>
#include <string>

#include "sluice/adapters/sqlite_ledger.hpp"
#include "sluice/base/error.hpp"

namespace sluice::adapters {

struct OpenedLedger {
  std::unique_ptr<SQLite::Database> database;
  bool created = false;
};

/// Opens, checks and, where it may, creates or migrates the ledger's file. Errors as SqliteLedger::open.
Result<OpenedLedger> open_ledger_file(const std::string& path, const SqliteLedgerOptions& options);

}  // namespace sluice::adapters
