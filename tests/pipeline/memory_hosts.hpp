#pragma once

#include "sluice/ports/hosts.hpp"

namespace sluice::pipeline {

/// Other hosts of the account, as far as a test needs them: a lease that ends when the test says.
class MemoryHosts : public ports::NoOtherHosts {
 public:
  using NoOtherHosts::NoOtherHosts;
  Boottime lease_until() const override { return lease; }

  Boottime lease = Boottime::max();
};

}  // namespace sluice::pipeline
