#pragma once

#include <SQLiteCpp/Database.h>

#include <string>
#include <vector>

#include "sluice/base/error.hpp"

namespace sluice::adapters::ledger {

/// Reads a damaged ledger of an earlier schema as if it were today's. It can't be migrated: that writes, and a damaged
/// file may refuse. So what it has no column for is read as the value that the missing step would have given it.
class SalvageColumns {
 public:
  SalvageColumns();

  /// What to select for these columns of a table of `damaged`.
  std::vector<std::string> select(SQLite::Database& damaged, const char* table, std::vector<std::string> columns);

 private:
  SQLite::Database today_;  ///< an empty ledger, in memory
};

}  // namespace sluice::adapters::ledger
