#pragma once

#include <string>
#include <vector>

#include "posix_folders.hpp"
#include "sluice/adapters/posix_spool.hpp"

namespace sluice::adapters {

/// All names in a folder but the dots, in no order.
Result<std::vector<std::string>> list(const Folders& folders, Folder folder);

/// PosixSpool::remains, in the order of jobs.
Result<std::vector<Remains>> list_remains(const Folders& folders);

}  // namespace sluice::adapters
