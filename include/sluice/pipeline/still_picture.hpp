#pragma once

#include <vector>

#include "sluice/config/settings.hpp"
#include "sluice/pipeline/status.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/ports/hosts.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::pipeline {

/// In words, that earlier jobs had accepted orders of it; empty: none that is known.
std::string placed_before_words(const ports::JobHeader& job);

/// A job as its header alone shows it: what moves (in flight, ETA) is left empty.
JobStatus still_picture(const ports::JobHeader& header);

/// Adds the hosts of the account and their jobs, behind this one's own jobs.
void add_hosts(Status& status, const std::vector<ports::Host>& hosts,
               const std::vector<ports::Hosts::JobElsewhere>& jobs);

/// The picture out of the ledger, where no process can be asked.
ports::Task<Result<Status>> still_picture(ports::Ledger& ledger, const config::Settings& settings, WallTime now);

}  // namespace sluice::pipeline
