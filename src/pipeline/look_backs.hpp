#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "sluice/pipeline/placed_before.hpp"

namespace sluice::pipeline {

/// What came before the orders of files that are read at the same time: placed_before() for all that wait together, in
/// one pass over what the ledger remembers. A thousand small files would else go through it a thousand times.
class LookBacks {
 public:
  LookBacks(ports::Clock& clock, ports::Ledger& ledger) : clock_(clock), ledger_(ledger) {}

  ports::Task<Result<PlacedBefore>> look(MarkedOrders orders, WallTime since, JobId own);

 private:
  struct Lookup;
  ports::Task<void> pass();
  ports::Task<Result<void>> go_through(const std::vector<Lookup*>& together);

  ports::Clock& clock_;
  ports::Ledger& ledger_;
  std::vector<Lookup*> waiting_;
  bool under_way_ = false;
};

}  // namespace sluice::pipeline
