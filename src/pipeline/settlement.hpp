#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "after_answer.hpp"
#include "breaker.hpp"
#include "day_cap.hpp"
#include "doubts.hpp"
#include "job.hpp"
#include "sending.hpp"

namespace sluice::pipeline {

/// Commits what follows from an answer, or from the lack of one. In one commit each: the rows' results, the batches
/// that wait, the orders in doubt, what is counted. Only when that is durable does anything in memory follow.
class Settlement {
 public:
  explicit Settlement(const Sending& sending) : parts_(sending) {}

  /// Commits it, and releases the batch's keys but for those of what waits. The batches that wait from now on; nullopt:
  /// it could not be written and we are cut, so that the next start finds the batch as the ledger has it.
  /// `requests`: how many requests it took, 0 or 1.
  ports::Task<std::optional<std::vector<Waiting>>> apply(Job& job, Waiting& before, std::vector<orders::Order> orders,
                                                         Consequence consequence, std::uint64_t requests);
  /// After a request that left, and had its slot at `started`. Holds the job where guard.stop_when_refused says so.
  ports::Task<void> settle(Job& job, Waiting& sent, std::vector<orders::Order> orders, Exchanged exchanged,
                           Boottime started);
  /// Ends everything of a cancelled job that waits. Only while nothing of it is in flight. An error: not now; what was
  /// started is then to be taken up again.
  ports::Task<Result<void>> settle_cancelled(Job& job);

  /// What decides, besides the answer itself, what follows for a batch now.
  AfterAnswer context(const Job& job, const Waiting& waiting) const;

 private:
  std::vector<Waiting> take_over(Waiting& before, const Consequence& consequence) const;
  ports::Task<Result<void>> settle_waiting(Job& job, Waiting& waiting);
  ports::Task<Result<void>> settle_all_waiting(Job& job);
  ports::Task<void> judge_refusals(Job& job);

  const Sending& parts_;
};

}  // namespace sluice::pipeline
