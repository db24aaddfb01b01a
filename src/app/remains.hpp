#pragma once

#include <map>
#include <memory>

#include "sluice/adapters/ledger/salvage.hpp"
#include "sluice/config/settings.hpp"

namespace sluice::app {

/// What is known of the jobs before this spool is worked on again.
struct Found {
  std::unique_ptr<adapters::ledger::Salvage> salvage;  ///< null: nothing can be read
  std::map<JobId, ports::JobHeader> headers;
  bool sound = false;  ///< the ledger is whole, and has had jobs
};

/// Sets a damaged ledger aside and reads what it still holds. Takes the spool's lock meanwhile (kind `busy`).
Result<Found> find_remains(const config::Settings& settings, text::Lang language, WallTime now);

}  // namespace sluice::app
