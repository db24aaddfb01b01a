#pragma once

#include <optional>
#include <string>

#include "sluice/base/error.hpp"
#include "sluice/pipeline/engine.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::pipeline {

/// What a command does to a job's header; the words say what was done. The same with a process running and without.
/// Kind `usage`: it can't be done to a job in this state. `resolve_*` change no header.
Result<std::string> change_header(Command what, ports::JobHeader& header, const std::string& base_url);

/// Why there is nothing to resolve yet, or at all.
std::optional<std::string> why_not_resolvable(const ports::JobHeader& header);

/// The words for `resolve`.
std::string resolved_words(JobId job, bool applied);

}  // namespace sluice::pipeline
