#pragma once

#include <deque>
#include <map>

#include "sluice/pipeline/status.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::pipeline {

/// What status still shows of jobs that ended: the last ones, and those with orders in doubt that nobody has resolved.
/// Kept in memory, so that status asks nothing of a ledger whose disk may be what is wrong.
class EndedJobs {
 public:
  /// What the ledger knows of earlier ones.
  ports::Task<Result<void>> load(ports::Ledger& ledger, WallTime now);
  /// `in_doubt`: orders of its own that nobody has looked up.
  void ended(const ports::JobHeader& header, std::uint64_t in_doubt);
  void resolved(JobId job, std::uint64_t left);
  /// How often ended() and resolved() were called.
  std::uint64_t changes() const { return changes_; }
  void add_to(Status& status, WallTime now) const;

 private:
  struct Left {
    std::string name;
    std::uint64_t orders = 0;
    WallTime since{};
  };
  std::deque<EndedJob> last_;  ///< newest first
  std::map<JobId, Left> in_doubt_;
  std::uint64_t changes_ = 0;
};

}  // namespace sluice::pipeline
