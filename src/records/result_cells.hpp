#pragma once

#include <string>

#include "sluice/records/outcome.hpp"

namespace sluice::records {

/// The ten cells of kResultColumns in CSV, each with `delimiter` before it, in UTF-8: quoted where CSV needs it, and
/// with an apostrophe before what a spreadsheet would run as a formula.
std::string result_cells(const RowResult& result, std::uint64_t line, char delimiter, bool ascii);

/// The member `"result":{...}` of JSON, in UTF-8.
std::string result_member(const RowResult& result, std::uint64_t line, bool ascii);

}  // namespace sluice::records
