#pragma once

#include <boost/json.hpp>

#include <string>

#include "sluice/base/error.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/text/words.hpp"

namespace sluice::control {

/// What came of a job request by request, and its faults: {"faults": [{"message", "count", "rows"}], "batches":
/// [{"request", "at", "counts"}]}, as `show` adds them to what the header says. Of a job that has ended, what is
/// remembered (keep.orders); its rows that were never sent stand in its results alone.
ports::Task<Result<boost::json::object>> job_story(ports::Ledger& ledger, JobId job);

/// The same for people, a line each; the first faults and the last batches.
std::string story_text(text::Lang lang, const boost::json::object& job);

}  // namespace sluice::control
