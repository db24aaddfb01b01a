#include "row_shapes.hpp"

#include "sluice/orders/mapping.hpp"
#include "sluice/text/normal.hpp"

namespace sluice::pipeline {

namespace {
constexpr std::size_t kFewNames = 3;  // so many names of fields in one row are no accident
}

void RowShapes::see(const records::Record& record) {
  least_ = std::min(least_, cells_of(record));
  most_ = std::max(most_, cells_of(record));
}

std::optional<text::Message> RowShapes::flaw(const records::Record& record) const {
  if (record.flaw) return record.flaw;
  // Cells that hold something are the orders' own to judge.
  const bool only_empty = record.cells.size() == header_.size();
  if (!ragged_ || !only_empty || cells_of(record) <= columns_) return std::nullopt;
  return text::Message{text::Word::empty_cells_beyond, {std::to_string(cells_of(record)), std::to_string(columns_)}};
}

RowShapes::HeaderAgain RowShapes::header_again(const records::Record& record) const {
  std::size_t names = 0;
  bool same = true;
  for (std::size_t i = 0; i < header_.size() && i < record.cells.size(); ++i) {
    if (!orders::names_a_field(record.cells[i].text)) continue;
    ++names;
    same = same && text::match_key(record.cells[i].text) == text::match_key(header_[i]);
  }
  if (names < kFewNames) return HeaderAgain::no;
  return same ? HeaderAgain::same : HeaderAgain::other;
}

}  // namespace sluice::pipeline
