#pragma once

#include "sluice/ports/hosts.hpp"

namespace sluice::pipeline {

/// Other hosts of the account, as far as a test needs them: a lease that ends when the test says, and their jobs.
class MemoryHosts : public ports::NoOtherHosts {
 public:
  using NoOtherHosts::NoOtherHosts;
  Boottime lease_until() const override { return lease; }
  ports::Task<Result<std::vector<JobElsewhere>>> jobs_elsewhere() override { co_return elsewhere; }

  Boottime lease = Boottime::max();
  std::vector<JobElsewhere> elsewhere;
};

}  // namespace sluice::pipeline
