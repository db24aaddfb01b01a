#pragma once

#include <expected>
#include <string>
#include <vector>

#include "sluice/records/cell.hpp"
#include "sluice/records/outcome.hpp"

namespace sluice::simulation {

/// One row of a file, read again with records::Reader.
struct ReadRow {
  std::uint64_t line = 0;
  std::vector<std::string> names;  ///< JSON
  std::vector<std::string> values;
};
/// Nothing: it does not read as a file of orders.
std::expected<std::vector<ReadRow>, std::string> read_rows(const std::string& content);

/// A row of an outputs file: the input's own part, and what became of it.
struct PublishedRow {
  ReadRow own;
  records::Outcome outcome{};
  std::uint64_t line = 0;  ///< result_row
};
std::expected<std::vector<PublishedRow>, std::string> read_published(const std::string& content);

}  // namespace sluice::simulation
