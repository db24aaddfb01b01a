#pragma once

#include <string>
#include <vector>

#include "random.hpp"
#include "scenario.hpp"

namespace sluice::simulation {

/// One order as people write it, by column name of wire_fields(); absent ones empty.
struct WrittenRow {
  std::vector<std::string> cells;
  RowPlan plan;
};

/// A row with a key out of `keys` different ones, the more often repeated the fewer there are.
WrittenRow write_row(orders::ServiceId service, std::uint64_t keys, Random& random);

/// The bytes of a file of these rows, in one of the formats the contract takes.
std::string write_file(orders::ServiceId service, const std::vector<WrittenRow>& rows, Random& random);

}  // namespace sluice::simulation
