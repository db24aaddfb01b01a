#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sluice/ports/ledger.hpp"

namespace sluice::pipeline {

/// Why a file is rejected whose content came before: a job has it at work, or has placed, or may have placed, orders of
/// it. In both languages, a line each.
/// `with_content`: Ledger::jobs_with_content for inbox.duplicate_window, newest first. `own`: the file's own job; those
/// that are still at work count only below it, so that of two that come together the first goes. nullopt: it has none.
std::optional<std::string> why_not_again(const std::vector<ports::JobHeader>& with_content, std::optional<JobId> own);

}  // namespace sluice::pipeline
