#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sluice/ports/ledger.hpp"

namespace sluice::pipeline {

/// Why a file is rejected whose content came before: a job has it at work, or has placed, or may have placed, orders of
/// it. In both languages, a line each.
/// `with_content`: Ledger::jobs_with_content for inbox.duplicate_window, newest first. `doubts`: Ledger::doubts, for
/// the words. `own`: the file's own job; those that are still being read count only below it, so that of two that come
/// together the first goes. nullopt: it has none.
std::optional<std::string> why_not_again(const std::vector<ports::JobHeader>& with_content,
                                         const std::vector<ports::Doubt>& doubts, std::optional<JobId> own);
/// The same, of a ledger: for a content that came at `since` or later.
ports::Task<Result<std::optional<std::string>>> why_not_again(ports::Ledger& ledger, std::string content_hash,
                                                              WallTime since, WallTime now, std::optional<JobId> own);

}  // namespace sluice::pipeline
