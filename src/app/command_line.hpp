#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sluice/base/ids.hpp"
#include "sluice/base/time.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::app {

enum class Verb : std::uint8_t {
  run,
  drain,
  check,
  status,
  show,
  hold,
  release,
  cancel,
  resolve,
  pause,
  resume,
  config,
  recover,
};

/// Whether a process that runs is asked first: these need no settings but where its socket is.
constexpr bool asks_a_process(Verb verb) {
  return verb >= Verb::status && verb <= Verb::resume;
}

/// docs/contract.md, Programs: exit codes that are not a job's affair.
inline constexpr int kExitUsage = 64;  ///< sysexits.h EX_USAGE, and so on
inline constexpr int kExitOutput = 74;
inline constexpr int kExitBusy = 75;
inline constexpr int kExitConfig = 78;

/// What somebody asked for. Only the members of its verb mean anything.
struct CommandLine {
  Verb verb = Verb::run;
  std::string config_path;
  std::optional<Nanos> within;                         ///< drain
  std::vector<std::string> files;                      ///< check: one or more, as spelled
  bool watch = false;                                  ///< status
  bool json = false;                                   ///< status
  bool health = false;                                 ///< status
  bool only_check = false;                             ///< config
  JobId job;                                           ///< show, hold, release, cancel, resolve
  ports::LookedUp applied = ports::LookedUp::not_yet;  ///< resolve; not_yet: looked_up says
  std::string looked_up;                               ///< resolve --file
  bool force = false;                                  ///< resolve
};

/// Nothing to do but to print and to leave: help, version, or a mistake on the command line (kExitUsage, words that say
/// what was expected).
struct Farewell {
  int exit = 0;
  std::string out;  ///< for stdout, line ends included
  std::string err;  ///< for stderr, line ends included
};

/// `args`: without the program's name. `environment_config`: $SLUICE_CONFIG; null or empty: not set. Pure.
std::variant<CommandLine, Farewell> parse_command_line(std::vector<std::string> args, const char* environment_config);

}  // namespace sluice::app
