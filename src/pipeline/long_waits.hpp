#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sluice/base/time.hpp"

namespace sluice::pipeline {

/// Which files have waited so long for one reason that they belong in the log, each once: most waits are over in a
/// moment. Pure.
class LongWaits {
 public:
  explicit LongWaits(Nanos patience) : patience_(patience) {}
  /// `waiting`: all that wait now, each with why. The names of those that have just waited long enough.
  std::vector<std::string> look(const std::map<std::string, std::string>& waiting, Boottime now);

 private:
  struct Wait {
    std::string why;
    std::optional<Boottime> report_at;  ///< none: it has been
  };
  Nanos patience_;
  std::map<std::string, Wait> waits_;
};

}  // namespace sluice::pipeline
