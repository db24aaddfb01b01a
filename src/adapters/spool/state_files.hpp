#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/adapters/spool/remains.hpp"
#include "sluice/ports/file_names.hpp"
#include "spool/folders.hpp"

namespace sluice::adapters::spool {

/// What a job has in state/, each `JOB.` and one of these. The only place that spells these names.
enum class StateFile : std::uint8_t {
  claimed,   ///< the claimed file
  copy,      ///< of a file with other hard links, not complete yet
  original,  ///< of a copy, on its way out
  name,      ///< a symbolic link whose target is the dropped name: for `recover`, never followed
  reason,    ///< of a rejection, not published yet
  progress,  ///< not published yet
  results,   ///< temporaries of the outputs
  failures,
  in_doubt,
  summary
};

struct StateName {
  JobId job;
  StateFile file;
};

std::string state_name(JobId job, StateFile file);
std::string state_name(JobId job, ports::OutputKind kind);
std::optional<StateName> parse_state_name(std::string_view name);
/// Set for temporaries of outputs.
std::optional<ports::OutputKind> output_kind(StateFile file);

/// PosixSpool::remains, in the order of jobs.
Result<std::vector<Remains>> list_remains(const Folders& folders);

}  // namespace sluice::adapters::spool
