#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sluice/pipeline/status.hpp"
#include "sluice/ports/hosts.hpp"

namespace sluice::pipeline {

/// The hosts of the account and their jobs, as read last: status asks nothing of a database that may be what is wrong.
class Neighbours {
 public:
  /// What can't be read stays as it was.
  ports::Task<void> look(ports::Hosts& hosts);
  void add_to(Status& status) const;
  const std::vector<ports::Hosts::JobElsewhere>& jobs() const { return jobs_; }

 private:
  std::vector<ports::Host> hosts_;
  std::vector<ports::Hosts::JobElsewhere> jobs_;
};

}  // namespace sluice::pipeline
