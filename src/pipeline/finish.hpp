#pragma once

#include <string>

#include "job.hpp"
#include "sluice/base/error.hpp"
#include "sluice/pipeline/fault_tally.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/ports/spool.hpp"

namespace sluice::pipeline {

/// Writes a settled job's outputs as durable temporaries: a pure function of the claimed file and the ledger. Kind
/// `changed`: the file is not what was surveyed, or the ledger's rows don't add up to it.
ports::Task<Result<void>> stage(Job& job, ports::Spool& spool, ports::Ledger& ledger, ports::Clock& clock);

/// Renames what stage() wrote into the outbox, summary last, then archives the original. Safe to repeat after a crash.
ports::Task<Result<void>> publish(Job& job, ports::Spool& spool);

/// summary.json of a job that is done.
std::string summary(const ports::JobHeader& job, const FaultTally& faults = {});

}  // namespace sluice::pipeline
