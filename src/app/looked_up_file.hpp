#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "sluice/base/error.hpp"
#include "sluice/base/ids.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::app {

/// What a person found out, an order each: a job's in-doubt file with a column `applied` (JSON: a member of each
/// order), yes or no a row. Rows that say neither yet are left out. By Doubt::order_hash. Blocks. Kind bad_input: the
/// file can't be read as that, and where.
ports::Task<Result<std::map<std::uint64_t, ports::LookedUp>>> read_looked_up(std::string path, JobId job,
                                                                             ports::Clock& clock);

}  // namespace sluice::app
