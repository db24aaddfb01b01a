#pragma once

#include <string>

#include "command_line.hpp"
#include "sluice/base/error.hpp"
#include "sluice/config/settings.hpp"
#include "sluice/pipeline/operator_command.hpp"

namespace sluice::app {

/// status, show, hold, release, cancel, resolve, pause and resume where no process runs: looks at the ledger, or takes
/// the spool's lock and changes it. The same JSON as the process would answer. `resolution`: what `resolve` says;
/// `user`: who says so. Kind `busy`: a process does run, and does not answer.
Result<std::string> answer_offline(const CommandLine& command, const pipeline::Resolution& resolution,
                                   const config::Settings& settings, const std::string& user);

}  // namespace sluice::app
