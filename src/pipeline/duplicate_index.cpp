#include "duplicate_index.hpp"

#include <algorithm>
#include <iterator>

#include "sluice/base/check.hpp"

namespace sluice::pipeline {

namespace {

constexpr std::size_t kFirstSlots = 16;
constexpr std::size_t kFewSlots = 1024;

std::uint64_t tag_of(std::uint64_t hash) {
  return hash >> 32;
}

}  // namespace

DuplicateIndex::Second DuplicateIndex::second_of(std::uint64_t order_hash) {
  const auto bits = order_hash / kParts;
  return {static_cast<std::uint8_t>(bits), static_cast<std::uint8_t>(bits >> 8), static_cast<std::uint8_t>(bits >> 16)};
}

void DuplicateIndex::Part::insert(std::uint64_t slot) {
  auto at = home(slot >> 32);
  while (slots[at] != 0) at = at + 1 == slots.size() ? 0 : at + 1;
  slots[at] = slot;
}

void DuplicateIndex::Part::grow(std::size_t to) {
  std::vector<std::uint64_t> before(to);
  before.swap(slots);
  for (const auto slot : before) {
    if (slot != 0) insert(slot);
  }
}

void DuplicateIndex::pass(const records::RowRef& row, std::uint64_t line) {
  places_.add(row);
  const auto ahead = line - row.row;
  if (leads_.empty() || leads_.back().lines != ahead) leads_.push_back({.from_row = row.row, .lines = ahead});
}

std::uint64_t DuplicateIndex::line(std::uint64_t row) const {
  const auto next = std::ranges::upper_bound(leads_, row, {}, &Lead::from_row);
  SLUICE_CHECK(next != leads_.begin(), "a row that has passed");
  return row + std::prev(next)->lines;
}

template <class Each>
void DuplicateIndex::each_candidate(std::uint64_t order_hash, Each each) const {
  const auto& part = parts_[order_hash % kParts];
  const auto& slots = part.slots;
  if (slots.empty()) return;
  const auto second = second_of(order_hash);
  for (auto at = part.home(tag_of(order_hash)); slots[at] != 0; at = at + 1 == slots.size() ? 0 : at + 1) {
    const auto row = slots[at] & 0xffff'ffff;
    if (slots[at] >> 32 == tag_of(order_hash) && seconds_[row - 1] == second) each(row);
  }
}

std::vector<std::uint64_t> DuplicateIndex::candidates(std::uint64_t order_hash) const {
  std::vector<std::uint64_t> rows;
  each_candidate(order_hash, [&](std::uint64_t row) { rows.push_back(row); });
  return rows;
}

void DuplicateIndex::remember(std::uint64_t order_hash, std::uint64_t row) {
  SLUICE_CHECK(row > 0 && row <= 0xffff'ffff, "a file has fewer than 2^32 rows");
  auto& part = parts_[order_hash % kParts];
  // At seven eighths, by a quarter; by half while it is small. The first sizes differ by up to a quarter, so that parts
  // of equal fill don't all grow at once.
  if (part.slots.empty()) part.grow(kFirstSlots + order_hash % kParts * kFirstSlots / 4 / kParts);
  const auto slots = part.slots.size();
  if ((part.used + 1) * 8 > slots * 7) part.grow(slots + slots / (slots < kFewSlots ? 2 : 4));
  part.insert(tag_of(order_hash) << 32 | row);
  ++part.used;
  if (const auto rows = seconds_.size(); rows + 1 < row) seconds_.resize(row - 1);
  if (seconds_.size() < row)
    seconds_.push_back(second_of(order_hash));
  else
    seconds_[row - 1] = second_of(order_hash);
}

void DuplicateIndex::leave_out(std::uint64_t row) {
  SLUICE_CHECK(left_out_.empty() || left_out_.back() < row, "rows are left out in order");
  left_out_.push_back(row);
}

std::optional<std::uint64_t> DuplicateIndex::to_be_sent(std::uint64_t order_hash) const {
  std::optional<std::uint64_t> found;
  each_candidate(order_hash, [&](std::uint64_t row) {
    if (!std::ranges::binary_search(left_out_, row)) found = std::min(found.value_or(row), row);
  });
  return found;
}

}  // namespace sluice::pipeline
