#pragma once

#include <string>
#include <vector>

#include "sluice/pipeline/status.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/text/sentence.hpp"

namespace sluice::app {

/// For a mail of cron's: what a person should know of a drain and do about it, in ten lines at most. Empty: every order
/// was accepted, and nothing is left. `status`: at its end; `ended`: the jobs that ended in it, oldest first.
std::string drain_report(const pipeline::Status& status, const std::vector<ports::JobHeader>& ended,
                         text::Lang language);

}  // namespace sluice::app
