#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sluice/records/cell.hpp"
#include "sluice/records/format.hpp"
#include "sluice/text/words.hpp"

namespace sluice::pipeline {

/// What the shapes of a delimited file's rows reveal about how it was made (docs/contract.md, Input): a delimiter
/// inside a value gives its row one cell more than others have, and files that were joined have a header among their
/// rows.
class RowShapes {
 public:
  /// `ragged`: an earlier pass over the file found that only some rows have empty cells beyond the header.
  RowShapes(const records::Format& format, bool ragged)
      : header_(format.header), columns_(std::max(format.header.size(), format.header_cells)), ragged_(ragged) {}

  void see(const records::Record& record);

  /// Why this row is no order, whatever its values.
  std::optional<text::Message> flaw(const records::Record& record) const;

  /// Once all rows have been seen: what flaw() said of rows with empty cells beyond the header does not hold.
  bool turned_out_ragged() const { return !ragged_ && most_ > columns_ && least_ != most_; }

  /// Whether a row that is no order is a header: the file's own, or another.
  enum class HeaderAgain : std::uint8_t { no, same, other };
  HeaderAgain header_again(const records::Record& record) const;

 private:
  std::size_t cells_of(const records::Record& record) const { return header_.size() + record.beyond; }

  std::vector<std::string> header_;
  std::size_t columns_;  ///< of the header line, nameless ones at its end too
  bool ragged_;
  std::size_t least_ = SIZE_MAX;
  std::size_t most_ = 0;
};

}  // namespace sluice::pipeline
