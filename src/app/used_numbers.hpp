#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sluice/ports/ledger.hpp"

namespace sluice::app {

/// The highest job number so far, which a lost ledger would have known: from the spool's root, else from the names in
/// all its folders. 0: none.
std::uint64_t used_job_numbers(const std::string& spool);

/// Without a ledger such a spool has lost it.
bool has_had_jobs(const std::string& spool);

/// What makes a ledger give out only numbers above these: it skips one, as of a job whose claim came to nothing.
std::vector<ports::Change> go_on_above(ports::Ledger::Numbers used, WallTime now);

}  // namespace sluice::app
