#pragma once

#include <string>

#include "command_line.hpp"
#include "sluice/base/error.hpp"
#include "sluice/config/settings.hpp"
#include "sluice/pipeline/operator_command.hpp"

namespace sluice::app {

/// hold, release, cancel, resolve, pause and resume where no process works the spool: takes its lock and changes the
/// ledger itself. Where several hosts share that, it is this host for a moment, with an epoch and a lease: what is its
/// own it decides, and a job that another host works is commanded there. The JSON that a process would answer. `user`:
/// who says so. Kinds: `busy` (a process has the spool, or the job's host is away), `missing`, `usage` and others.
Result<std::string> change_offline(const CommandLine& command, const pipeline::Resolution& resolution,
                                   const config::Settings& settings, const std::string& user);

/// Why there is no ledger to look at or to change.
Error no_ledger(const config::Settings& settings);

}  // namespace sluice::app
