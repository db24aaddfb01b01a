#pragma once

#include <SQLiteCpp/Database.h>

#include <memory>
#include <string>

#include "sluice/adapters/ledger/options.hpp"
#include "sluice/base/error.hpp"

namespace sluice::adapters::ledger {

struct OpenedLedger {
  std::unique_ptr<SQLite::Database> database;
  bool created = false;
};

/// Opens, checks and, where it may, creates or migrates the ledger's file. Errors as SqliteLedger::open.
Result<OpenedLedger> open_file(const std::string& path, const Options& options);

}  // namespace sluice::adapters::ledger
