#pragma once

#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sluice/base/error.hpp"
#include "sluice/base/ids.hpp"
#include "sluice/base/time.hpp"
#include "sluice/config/settings.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/text/sentence.hpp"

namespace sluice::app {

enum class Verb : std::uint8_t {
  run,
  drain,
  check,
  status,
  show,
  history,
  find,
  hold,
  release,
  cancel,
  resolve,
  pause,
  resume,
  web,
  config,
  recover,
  ledger,
};

/// Where `ledger move` takes it.
enum class MoveTo : std::uint8_t { postgresql, sqlite };

/// Whether a process that runs is asked first: these need no settings but where its socket is.
constexpr bool asks_a_process(Verb verb) {
  return verb >= Verb::status && verb <= Verb::web;
}

/// docs/contract.md, Programs: exit codes that are not a job's affair.
inline constexpr int kExitUnfinished = 3;
inline constexpr int kExitUsage = 64;  ///< sysexits.h EX_USAGE, and so on
inline constexpr int kExitOutput = 74;
inline constexpr int kExitBusy = 75;
inline constexpr int kExitConfig = 78;

/// What somebody asked for. Only the members of its verb mean anything.
struct CommandLine {
  Verb verb = Verb::run;
  std::string config_path;
  text::Lang language = text::Lang::en;                ///< of what it says
  std::optional<Nanos> within;                         ///< drain
  bool quiet = false;                                  ///< drain
  std::vector<std::string> files;                      ///< check: one or more, as spelled
  bool watch = false;                                  ///< status
  bool json = false;                                   ///< status, history, find
  bool health = false;                                 ///< status
  bool only_check = false;                             ///< config
  JobId job;                                           ///< show, hold, release, cancel, resolve
  ports::LookedUp applied = ports::LookedUp::not_yet;  ///< resolve; not_yet: looked_up says
  std::string since;                                   ///< history: YYYY-MM-DD or a duration; empty: all
  std::string name;                                    ///< history: a part of the file's name
  std::string id;                                      ///< find
  std::string looked_up;                               ///< resolve --file
  bool force = false;                                  ///< resolve
  MoveTo move_to = MoveTo::postgresql;                 ///< ledger
};

/// Nothing to do but print and exit: help, version, or a mistake on the command line (kExitUsage, words that say
/// what was expected).
struct Farewell {
  int exit = 0;
  std::string out;  ///< for stdout, line ends included
  std::string err;  ///< for stderr, line ends included
};

/// What history --since means: the beginning of a day (UTC+8), or a time back from now. Nothing: neither.
std::optional<WallTime> since(std::string_view text, WallTime now);

/// `args`: without the program's name. `environment_config`: $SLUICE_CONFIG; null or empty: not set. `language`: the
/// environment's. Pure.
std::variant<CommandLine, Farewell> parse_command_line(std::vector<std::string> args, const char* environment_config,
                                                       text::Lang language = text::Lang::en);

/// Each command prints what it has to say and returns the exit code (docs/contract.md, Programs).
int run_daemon(const CommandLine& command, const config::Settings& settings);
int drain(const CommandLine& command, config::Settings settings);
int check(const CommandLine& command, const config::Settings& settings);
/// status, show, history, find, hold, release, cancel, resolve, pause, resume. `loaded`: settings that are wrong stop
/// none of these while a process runs.
int operate(const CommandLine& command, const Result<config::Loaded>& loaded);
/// web. `loaded`: as for operate().
int print_web_link(const CommandLine& command, const Result<config::Loaded>& loaded);
int show_settings(const CommandLine& command, const config::Loaded& loaded);
int recover(const CommandLine& command, const config::Settings& settings);
int move_ledger(const CommandLine& command, const config::Settings& settings);

/// docs/contract.md, Exit codes: why a command was refused.
inline int exit_code_of(const Error& error) {
  switch (error.kind) {
    case ErrorKind::usage:
    case ErrorKind::missing:
      return kExitUsage;
    case ErrorKind::busy:
    case ErrorKind::fenced:
      return kExitBusy;
    default:
      return kExitConfig;
  }
}

/// Why work could not begin or go on: whatever is missing, it is not a mistake on the command line, and trying again
/// would not help; but for a spool that was mounted over or moved, where another start finds what is there now.
inline int exit_code_of_work(const Error& error) {
  if (error.kind == ErrorKind::changed) return kExitUnfinished;
  // Another host goes on with what this one had; another start begins anew beside it.
  return error.kind == ErrorKind::busy || error.kind == ErrorKind::fenced ? kExitBusy : kExitConfig;
}

/// Whether everything printed to stdout so far got out.
inline bool output_arrived() {
  return std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
}

}  // namespace sluice::app
