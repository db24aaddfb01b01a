#include "duplicate_index.hpp"

#include <algorithm>
#include <iterator>

#include "sluice/base/check.hpp"

namespace sluice::pipeline {

namespace {
constexpr unsigned kLengthBits = 21;
constexpr std::uint64_t kLengthMask = (std::uint64_t{1} << kLengthBits) - 1;

std::uint32_t tag_of(std::uint64_t hash) {
  return static_cast<std::uint32_t>(hash >> 32);
}
}  // namespace

void DuplicateIndex::pass(const records::RowRef& row, std::uint64_t line) {
  SLUICE_CHECK(row.row == refs_.size() + 1 && row.length <= kLengthMask, "rows pass in order");
  refs_.push_back(row.offset << kLengthBits | row.length);
  const auto ahead = line - row.row;
  if (leads_.empty() || leads_.back().lines != ahead) leads_.push_back({.from_row = row.row, .lines = ahead});
}

std::uint64_t DuplicateIndex::line(std::uint64_t row) const {
  const auto next = std::ranges::upper_bound(leads_, row, {}, &Lead::from_row);
  SLUICE_CHECK(next != leads_.begin(), "a row that has passed");
  return row + std::prev(next)->lines;
}

records::RowRef DuplicateIndex::ref(std::uint64_t row) const {
  const auto packed = refs_.at(row - 1);
  return {.row = row, .offset = packed >> kLengthBits, .length = static_cast<std::uint32_t>(packed & kLengthMask)};
}

std::vector<std::uint64_t> DuplicateIndex::candidates(std::uint64_t order_hash) const {
  std::vector<std::uint64_t> rows;
  const auto tag = tag_of(order_hash);
  for (auto at = home(tag); slots_[at] != 0; at = at + 1 == slots_.size() ? 0 : at + 1) {
    const auto row = slots_[at] & 0xffff'ffff;
    if (slots_[at] >> 32 == tag && seconds_[row - 1] == static_cast<std::uint32_t>(order_hash)) rows.push_back(row);
  }
  return rows;
}

void DuplicateIndex::insert(std::uint64_t slot) {
  auto at = home(static_cast<std::uint32_t>(slot >> 32));
  while (slots_[at] != 0) at = at + 1 == slots_.size() ? 0 : at + 1;
  slots_[at] = slot;
}

void DuplicateIndex::remember(std::uint64_t order_hash, std::uint64_t row) {
  SLUICE_CHECK(row > 0 && row <= 0xffff'ffff, "a file has fewer than 2^32 rows");
  // Grown by half at 80 %: doubling a table for a million rows would need its memory three times over.
  if ((used_ + 1) * 5 > slots_.size() * 4) {
    std::vector<std::uint64_t> before(slots_.size() + slots_.size() / 2);
    before.swap(slots_);
    for (const auto slot : before) {
      if (slot != 0) insert(slot);
    }
  }
  insert(std::uint64_t{tag_of(order_hash)} << 32 | row);
  if (seconds_.size() < row) seconds_.resize(row);
  seconds_[row - 1] = static_cast<std::uint32_t>(order_hash);
  ++used_;
}

}  // namespace sluice::pipeline
