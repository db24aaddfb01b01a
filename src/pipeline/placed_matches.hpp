#pragma once

#include <vector>

#include "sluice/pipeline/placed_before.hpp"

namespace sluice::pipeline {

/// Which of some orders were placed before: counts each once, however often it was placed.
class PlacedMatches {
 public:
  explicit PlacedMatches(MarkedOrders orders) : orders_(std::move(orders)) {}

  void look(const ports::PlacedOrders& placed);
  /// What was found so far, with the name of the last job's file.
  ports::Task<Result<PlacedBefore>> named(ports::Ledger& ledger);

 private:
  MarkedOrders orders_;
  std::vector<bool> found_;  ///< by number; nearly no file has any
  PlacedBefore result_;
};

}  // namespace sluice::pipeline
