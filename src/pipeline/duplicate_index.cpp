#include "duplicate_index.hpp"

#include <algorithm>

#include "sluice/base/check.hpp"

namespace sluice::pipeline {

void DuplicateIndex::leave_out(std::uint64_t row) {
  SLUICE_CHECK(left_out_.empty() || left_out_.back() < row, "rows are left out in order");
  left_out_.push_back(row);
}

std::optional<std::uint64_t> DuplicateIndex::to_be_sent(std::uint64_t order_hash) const {
  std::optional<std::uint64_t> found;
  for (const auto row : candidates(order_hash))
    if (!std::ranges::binary_search(left_out_, row)) found = std::min(found.value_or(row), row);
  return found;
}

}  // namespace sluice::pipeline
