#pragma once

#include <optional>
#include <string>

#include "sluice/base/error.hpp"
#include "sluice/pipeline/engine.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::pipeline {

/// What a command does to a job's header; the words say what was done. The same with a process running and without.
/// Kind `usage`: it can't be done to a job in this state, and why. `resolve_*` change no header.
Result<std::string> change_header(Command what, ports::JobHeader& header, const std::string& base_url);

/// Why there is nothing to resolve yet, or at all.
std::optional<std::string> why_not_resolvable(const ports::JobHeader& header);

/// The words for `resolve`.
std::string resolved_words(JobId job, bool applied);
/// What the ledger notes of it, for `show`: the note's key, and its value.
std::string resolved_key(JobId job);
std::string resolved_note(bool applied, WallTime at);
/// For `show`: what became of a job's orders in doubt (`note`: what resolved_key() leads to), or what to do about them.
/// Empty: it has none, or is not finished.
std::string doubts_words(const ports::JobHeader& header, const std::string& note, WallTime now);

/// The words for `pause` and `resume`. `was`: what had paused the line before, in words; empty: nothing had.
std::string paused_words(bool was_paused);
std::string resumed_words(bool by_operator, const std::string& was);

}  // namespace sluice::pipeline
