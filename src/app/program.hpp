#pragma once

#include <string>
#include <vector>

namespace sluice::app {

/// The whole program: reads the command line and the settings, runs the command and says how it ended
/// (docs/contract.md, Exit codes). What libraries throw where memory or the output fails ends here, in words. `args`:
/// without the program's name. `environment_config`: $SLUICE_CONFIG; null or empty: not set.
int run_program(std::vector<std::string> args, const char* environment_config);

}  // namespace sluice::app
