#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sluice/base/error.hpp"
#include "sluice/pipeline/operator_command.hpp"

namespace sluice::control {

/// What `resolve` sends: {"all": "applied" or "not_applied"} or {"applied": [hashes], "not_applied": [hashes]}, and
/// {"force": true}. The job stands in the address.
std::string resolution_json(const pipeline::Resolution& resolution);
/// Kind usage: it is not that.
Result<pipeline::Resolution> parse_resolution(JobId job, std::string_view json);

/// Whether it says {"force": true}; whatever it says else.
bool says_force(std::string_view json);

/// What GET /doubts answers, for `check`.
std::string doubts_json(const std::vector<ports::Doubt>& doubts);
/// Kind bad_input: it is not that.
Result<std::vector<ports::Doubt>> parse_doubts(std::string_view json);

/// What GET /content/… answers: {"why": words}; empty: the file may come.
std::string why_json(const std::string& why);
Result<std::string> parse_why(std::string_view json);

}  // namespace sluice::control
