#pragma once

#include <boost/json.hpp>

#include <string>

#include "sluice/pipeline/check_report.hpp"

namespace sluice::control {

/// How a file's rows are told apart, in a word of both languages.
std::string shape_words(const records::Format& format);

/// What POST /v1/checks answers of a file, but for the upload itself; at most a hundred complaints.
boost::json::object check_object(const pipeline::CheckReport& report);

}  // namespace sluice::control
