#pragma once

#include <string>
#include <vector>

#include "process.hpp"
#include "scenario.hpp"
#include "witness.hpp"

namespace sluice::simulation {

/// Holds what was published, and what the ledger ended with, against the upstream's own memory. Empty: all is as
/// ARCHITECTURE.md, What must hold, promises (I1, I3, I4, I6; what must hold at every moment the witness has watched).
std::vector<std::string> judge_outcome(const Scenario& scenario, const Machine& machine, const Witness& witness);

/// The same of the files that were dropped into one of several spools.
struct JudgedSpool {
  std::size_t number = 0;
  const Disk& disk;
  const SpoolWitness& witness;
};
std::vector<std::string> judge_spool(const Scenario& scenario, const LedgerStore& ledger, const JudgedSpool& spool,
                                     const Witness& witness);

}  // namespace sluice::simulation
