#pragma once

#include <string>
#include <string_view>

#include "sluice/base/error.hpp"
#include "sluice/pipeline/status.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/text/sentence.hpp"

namespace sluice::control {

/// The live picture as JSON: what `status --json` prints and GET /status answers. A text has two keys, KEY in English
/// and KEY_zh.
std::string status_json(const pipeline::Status& status);
/// The picture that status_json() wrote. What is missing or of another type keeps its default, so that the next
/// version's daemon can be asked. Kind bad_input: it is no JSON object.
Result<pipeline::Status> parse_status(std::string_view json);
/// The same for people: a bar and an ETA for each job, the gate, what is paused or held and why, what to do. `color`:
/// on a terminal. No control character in a name or in any words reaches the terminal.
std::string status_text(const pipeline::Status& status, bool color, text::Lang lang = text::Lang::en);

/// "3 accepted, 1 refused", of what is not zero; in both languages.
std::string counts_text(const ports::Counts& counts);

/// What became of a row, in a word of both languages.
std::string outcome_words(records::Outcome outcome);

/// Why the line stands, in a word of both languages.
std::string pause_words(pipeline::Pause pause);

/// For whoever asks whether all is well: a container's health check, a monitor.
struct Health {
  int exit = 0;  ///< 0: it works; 1: it is paused, or a job is held; 2: no process runs
  std::string words;
};
Health health_of(const pipeline::Status& status, text::Lang lang = text::Lang::en);

/// A job as the ledger knows it, as JSON: what GET /jobs/JOB answers. Kind `missing`: there is none.
/// `host`: which one works it, if it is another.
ports::Task<Result<std::string>> job_answer(ports::Ledger& ledger, JobId job, WallTime now, std::string host = {});
/// `doubts`: what became of its orders in doubt; `decided`: who held, released or cancelled it last; in words.
std::string job_json(const ports::JobHeader& job, const std::string& doubts, const std::string& decided);
/// The same for people, a line for each key that says something. Kind bad_input: it is no JSON object.
Result<std::string> job_text(std::string_view json, text::Lang lang = text::Lang::en);

/// What a command did: {"said": words, "said_zh": words}.
std::string said_json(const std::string& words);
Result<std::string> said_text(std::string_view json, text::Lang lang = text::Lang::en);

}  // namespace sluice::control
