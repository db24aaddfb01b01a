#pragma once

#include <string>

#include "command_line.hpp"
#include "sluice/base/error.hpp"
#include "sluice/config/settings.hpp"

namespace sluice::app {

/// status, show, hold, release, cancel, resolve, pause and resume where no process runs: looks at the ledger, or takes
/// the spool's lock and changes it. The same JSON as the process would answer. Kind `busy`: a process does run, and
/// does not answer.
Result<std::string> answer_offline(const CommandLine& command, const config::Settings& settings);

}  // namespace sluice::app
