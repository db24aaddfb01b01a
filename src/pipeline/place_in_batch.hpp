#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "sluice/base/check.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::pipeline {

/// Where settled rows stand in their batch. Mostly they come in its order, so that none has to be looked for.
class PlaceInBatch {
 public:
  explicit PlaceInBatch(const ports::Batch& batch) : rows_(batch.rows) {}

  std::size_t of(std::uint64_t row) {
    if (next_ == rows_.size() || rows_[next_].row != row) {
      const auto at = std::ranges::lower_bound(rows_, row, {}, &records::RowRef::row);
      SLUICE_CHECK(at != rows_.end() && at->row == row, "a settled row is one of its batch");
      next_ = static_cast<std::size_t>(at - rows_.begin());
    }
    return next_++;
  }

 private:
  std::span<const records::RowRef> rows_;
  std::size_t next_ = 0;
};

}  // namespace sluice::pipeline
