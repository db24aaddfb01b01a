#pragma once

#include "command_line.hpp"
#include "sluice/config/settings.hpp"

namespace sluice::app {

/// Each command prints what it has to say and returns the exit code (docs/contract.md, Programs).
int run_daemon(const CommandLine& command, const config::Settings& settings);
int drain(const CommandLine& command, config::Settings settings);
int check(const CommandLine& command, const config::Settings& settings);
/// status, show, hold, release, cancel, resolve, pause, resume. `loaded`: settings that are wrong stop none of these
/// while a process runs.
int operate(const CommandLine& command, const Result<config::Loaded>& loaded);
int show_settings(const CommandLine& command, const config::Loaded& loaded);
int recover(const CommandLine& command, const config::Settings& settings);

}  // namespace sluice::app
