#pragma once

#include <cstddef>
#include <optional>

#include "sluice/records/cell.hpp"
#include "sluice/records/format.hpp"
#include "sluice/records/outcome.hpp"

namespace sluice::records {

/// Reads what one of our own results files says became of a row. Only where all ten result columns (JSON: a "result"
/// with all ten members) are there: a column that is merely named so is nobody's result.
class EarlierResult {
 public:
  explicit EarlierResult(const Format& format);

  /// nullopt: nothing that we would have written.
  std::optional<Outcome> of(const Record& record) const;

 private:
  bool delimited_;
  std::optional<std::size_t> column_;  ///< delimited: of the outcome
};

}  // namespace sluice::records
