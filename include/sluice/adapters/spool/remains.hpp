#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sluice/base/ids.hpp"
#include "sluice/ports/file_names.hpp"

namespace sluice::adapters::spool {

/// What state/ holds of a job, found without a ledger.
struct Remains {
  JobId job;
  std::optional<std::string> dropped_name;     ///< noted at the claim, where the file system has symbolic links
  bool claimed = false;                        ///< the claimed file is there
  std::vector<ports::OutputKind> temporaries;  ///< not known to be complete
};

}  // namespace sluice::adapters::spool
