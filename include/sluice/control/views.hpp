#pragma once

#include <string>
#include <string_view>

#include "sluice/base/error.hpp"
#include "sluice/pipeline/status.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::control {

/// The live picture as JSON: what `status --json` prints and GET /status answers.
std::string status_json(const pipeline::Status& status);
/// A job's header as JSON: what GET /jobs/JOB answers. `doubts`: what became of its orders in doubt, in words.
std::string job_json(const ports::JobHeader& job, const std::string& doubts);

/// What a command did: {"said": words}.
std::string said_json(const std::string& words);

/// The same for people: a bar and an ETA a job, the gate, what is paused or held and why, what to do. `color`: on a
/// terminal. Kind bad_input: not what status_json() makes (another version's daemon).
Result<std::string> status_text(std::string_view json, bool color);
Result<std::string> job_text(std::string_view json);
Result<std::string> said_text(std::string_view json);

}  // namespace sluice::control
