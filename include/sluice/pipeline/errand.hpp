#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/base/error.hpp"
#include "sluice/base/ids.hpp"
#include "sluice/pipeline/operator_command.hpp"
#include "sluice/ports/hosts.hpp"

// What an operator asked of one host and another one has to do (docs/several-hosts.md).

namespace sluice::pipeline {

/// What is asked. A job's commands bear its number; the line's two go to every other host.
enum class Instruction : std::uint8_t {
  hold,
  release,
  cancel,
  heed_pause,  ///< the account was paused or resumed: read it now, and not in some seconds
  try_again,   ///< `resume`, which besides ends whatever else had paused a host
};

Instruction instruction_of(Command what);
/// The command that it is; none: it is about the whole line.
std::optional<Command> command_of(Instruction what);

/// As it stands in Errand::what. Never rename: two hosts may be of two versions.
std::string pack(Instruction what);
/// Kind `usage`: this version doesn't know it, in words.
Result<Instruction> unpack(std::string_view packed);

/// This host's name as people see it; empty: it has none, or it can't be asked now.
ports::Task<std::string> own_name(ports::Hosts& hosts);
/// An operator's name among those of several machines: USER@HOST.
ports::Task<std::string> signed_by(ports::Hosts& hosts, std::string user);

/// Has a job's command done at the host that works the job. The words are those from there, which name it; `user` is
/// signed. Kinds: `missing` (no other host has the job), `busy` (its host is away, or did not answer in time: then it
/// may have been done), `usage` as from any command.
ports::Task<Result<std::string>> have_done(ports::Hosts& hosts, Command what, JobId job, std::string user);

/// Tells every other host that is alive what was decided of the line; those that don't hear it read it in some seconds.
ports::Task<Result<void>> tell_line(ports::Hosts& hosts, Instruction what, std::string user);

}  // namespace sluice::pipeline
