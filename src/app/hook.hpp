#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "sluice/base/error.hpp"
#include "sluice/ports/clock.hpp"

namespace sluice::app {

/// A command of the operator's for /bin/sh, to be run once.
struct Hook {
  std::string command;
  /// NAME=VALUE; beside PATH, HOME and LANG the only ones it gets: our own environment may hold the credential.
  std::vector<std::string> environment;
  std::string input;  ///< its standard input; at most 64 KiB, what a pipe takes at once (pipe(7))
  std::chrono::milliseconds patience{30'000};
};

/// Runs it in a process group of its own, its output going to our standard error. An error: it could not be started,
/// ended with another code than 0, or outlasted its patience and was killed with all that it started.
ports::Task<Result<void>> run_hook(Hook hook, ports::Clock& clock);

}  // namespace sluice::app
