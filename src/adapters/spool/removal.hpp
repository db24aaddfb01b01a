#pragma once

#include <string>

#include "sluice/ports/spool.hpp"
#include "spool/folders.hpp"

namespace sluice::adapters::spool {

/// What a finished job has in one of the folders, by its exact names. How many files were there. Not made durable:
/// what is back after a crash is removed the next time.
Result<std::size_t> remove_kept(const Folders& folders, JobId job, const std::string& dropped, ports::Kept kept);

}  // namespace sluice::adapters::spool
