#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/records/cell.hpp"
#include "sluice/records/reader.hpp"

namespace sluice::records {

/// Where a member of an object stands in its text.
struct JsonMember {
  std::size_t name_begin = 0;  ///< of the quote
  std::size_t name_end = 0;
  std::size_t value_begin = 0;
  std::size_t value_end = 0;
};

/// The members of an object that JsonScanner found sound; `object` begins with its brace.
void find_members(std::string_view object, std::vector<JsonMember>& out);

/// The characters that a JSON string (quotes included, found sound) stands for.
std::string unescaped(std::string_view spelled);

/// A record's names and cells.
void fill_record(std::string_view object, const std::vector<JsonMember>& members, Record& out);

}  // namespace sluice::records
