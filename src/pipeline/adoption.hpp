#pragma once

#include <vector>

#include "busy_keys.hpp"
#include "job.hpp"
#include "sending.hpp"
#include "settlement.hpp"

namespace sluice::pipeline {

/// Takes up what was started and is not in memory: by an earlier process, or forgotten after a fault.
class Adoption {
 public:
  Adoption(const Sending& sending, Settlement& settlement) : parts_(sending), settlement_(settlement) {}

  /// What a surveyed job has started is in memory after this, and its keys are busy. A batch that a crash left
  /// *sending* may have been applied: what follows from that is committed here. A file that is not what was surveyed
  /// holds the job, and its keys stay busy. An error: not now.
  ports::Task<Result<void>> adopt(Job& job);
  /// Keeps busy the keys of what a job has started and can't be taken up: its file is gone or was changed.
  ports::Task<Result<void>> guard(Job& job);

 private:
  ports::Task<Result<std::vector<ports::Batch>>> started_of(JobId job);
  ports::Task<Result<void>> adopt_batch(Job& job, ports::Batch batch);
  void guard(Job& job, const std::vector<ports::Batch>& started);

  const Sending& parts_;
  Settlement& settlement_;
};

}  // namespace sluice::pipeline
