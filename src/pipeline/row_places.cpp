#include "row_places.hpp"

#include "sluice/base/check.hpp"
#include "sluice/base/leb128.hpp"

namespace sluice::pipeline {

namespace {

constexpr std::uint64_t kPageRows = 128;  // what has to be gone through to find one of them

std::uint64_t next_number(std::string_view& packed) {
  const auto number = take_number(packed);
  SLUICE_CHECK(number.has_value(), "a page holds all of its rows");
  return *number;
}

}  // namespace

void RowPlaces::add(const records::RowRef& row) {
  SLUICE_CHECK(row.row == size_ + 1, "rows pass in order");
  if (size_ % kPageRows == 0) {
    // What it has grown by too much is given back.
    if (!pages_.empty()) pages_.back().packed.shrink_to_fit();
    pages_.push_back({.begin = end_, .packed = {}});
  }
  auto& packed = pages_.back().packed;
  put_number(packed, zigzag(row.offset - end_));
  put_number(packed, row.length);
  end_ = row.offset + row.length;
  ++size_;
}

records::RowRef RowPlaces::at(std::uint64_t row) const {
  SLUICE_CHECK(row > 0 && row <= size_, "a row that has passed");
  const auto& page = pages_[(row - 1) / kPageRows];
  std::string_view packed = page.packed;
  records::RowRef found{.row = row, .offset = 0, .length = 0};
  auto end = page.begin;
  for (auto left = (row - 1) % kPageRows + 1; left > 0; --left) {
    found.offset = end + unzigzag(next_number(packed));
    found.length = static_cast<std::uint32_t>(next_number(packed));
    end = found.offset + found.length;
  }
  return found;
}

}  // namespace sluice::pipeline
