#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sluice/base/error.hpp"
#include "sluice/base/ids.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::app {

/// A job's in-doubt file, read back from outbox/.
struct InDoubtFile {
  std::string name;
  JobId job;
  std::string dropped;  ///< the job's own file; cut, perhaps
  WallTime written{};
  std::vector<ports::Doubt> doubts;  ///< their rows are those of this file
  std::uint64_t unread = 0;          ///< rows that are no order any more
  std::string trouble;               ///< not empty: why it can't be read
};

/// Those that are younger than kDoubtsKept, for a ledger that doesn't know. Blocks. Error: outbox/ can't be listed.
ports::Task<Result<std::vector<InDoubtFile>>> in_doubt_files(std::string spool, ports::Clock& clock);

/// Midnight UTC+8 of the day a job was claimed: no row that was good then is called invalid now.
WallTime begin_of_day(JobId job);

/// What a person found out, an order each: a job's in-doubt file with a column `applied` (JSON: a member of each
/// order), yes or no a row. Rows that say neither yet are left out. By Doubt::order_hash. Blocks. Kind bad_input: the
/// file can't be read as that, and where.
ports::Task<Result<std::map<std::uint64_t, ports::LookedUp>>> read_looked_up(std::string path, JobId job,
                                                                             ports::Clock& clock);

}  // namespace sluice::app
