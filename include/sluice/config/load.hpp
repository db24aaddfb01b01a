#pragma once

#include <string>

namespace sluice::config {

/// Where the process that runs can be reached.
struct Reach {
  std::string spool;
  std::string socket;  ///< empty: control.sock in the spool
};

/// As much of it as can be made out of settings that load() refuses, else the defaults: a mistake in the settings must
/// not keep anybody from pausing what runs.
Reach reach_in_spite_of_mistakes(const std::string& yaml);

}  // namespace sluice::config
