#pragma once

#include <string>

#include "spool/folders.hpp"

namespace sluice::adapters::spool {

/// Spool::claim_completed, on a file thread.
Result<bool> complete_claim(const Folders& folders, JobId job, const std::string& name,
                            const ports::FileIdentity& source, const std::string& ready_suffix);

}  // namespace sluice::adapters::spool
