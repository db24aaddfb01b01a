#pragma once

#include <SQLiteCpp/Exception.h>

#include <string>

#include "sluice/base/error.hpp"

namespace sluice::adapters::ledger {

/// What SQLite reported, as the caller may act on it; the words name the file, what failed and what to do.
/// `system_errno` (sqlite3_system_errno) tells a full disk or a lack of handles from other I/O errors.
Error ledger_error(const std::string& path, const SQLite::Exception& exception, int system_errno);

/// A ledger whose bytes are wrong.
Error damaged_ledger(const std::string& path, const std::string& what);

}  // namespace sluice::adapters::ledger
