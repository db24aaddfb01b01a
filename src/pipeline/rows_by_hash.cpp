#include "rows_by_hash.hpp"

#include <algorithm>
#include <utility>

#include "sluice/base/check.hpp"

namespace sluice::pipeline {

namespace {

constexpr std::size_t kFirstHomes = 16;
constexpr std::size_t kFewHomes = 1024;
constexpr std::size_t kBehind = 32;  // slots behind the last home, for what finds it taken

}  // namespace

RowsByHash::Second RowsByHash::second_of(std::uint64_t hash) {
  const auto bits = hash / kParts;
  return {static_cast<std::uint8_t>(bits), static_cast<std::uint8_t>(bits >> 8), static_cast<std::uint8_t>(bits >> 16)};
}

std::size_t RowsByHash::Part::place_of(std::uint64_t slot) const {
  auto at = home(slot >> 32);
  while (slots[at] < slot) ++at;
  return at;
}

void RowsByHash::Part::insert(std::uint64_t slot) {
  auto at = place_of(slot);
  while (slots[at] != kEmpty) std::swap(slots[at++], slot);
  slots[at] = slot;
  if (slots.back() != kEmpty) slots.push_back(kEmpty);
}

void RowsByHash::Part::grow(std::size_t to) {
  const auto before = std::exchange(slots, std::vector<std::uint64_t>(to + kBehind, kEmpty));
  homes = to;
  std::size_t at = 0;
  for (const auto slot : before) {
    if (slot == kEmpty) continue;
    at = std::max(at, home(slot >> 32));
    if (at + 1 == slots.size()) slots.push_back(kEmpty);
    slots[at++] = slot;
  }
}

std::vector<std::uint64_t> RowsByHash::find(std::uint64_t hash) const {
  std::vector<std::uint64_t> rows;
  const auto& part = parts_[hash % kParts];
  const auto& slots = part.slots;
  if (slots.empty()) return rows;
  for (auto at = part.place_of(tag_of(hash) << 32); slots[at] >> 32 == tag_of(hash) && slots[at] != Part::kEmpty;
       ++at) {
    const auto row = slots[at] & 0xffff'ffff;
    if (seconds_[row - 1] == second_of(hash)) rows.push_back(row);
  }
  return rows;
}

void RowsByHash::add(std::uint64_t hash, std::uint64_t row) {
  SLUICE_CHECK(row > 0 && row < 0xffff'ffff, "a file has fewer than 2^32 rows");
  auto& part = parts_[hash % kParts];
  // At seven eighths, by a quarter; by half while it is small. The first sizes differ by up to a quarter, so that parts
  // of equal fill don't all grow at once.
  if (part.homes == 0) part.grow(kFirstHomes + hash % kParts * kFirstHomes / 4 / kParts);
  const auto homes = part.homes;
  if ((part.used + 1) * 8 > homes * 7) part.grow(homes + homes / (homes < kFewHomes ? 2 : 4));
  part.insert(tag_of(hash) << 32 | row);
  ++part.used;
  if (const auto rows = seconds_.size(); rows + 1 < row) seconds_.resize(row - 1);
  if (seconds_.size() < row)
    seconds_.push_back(second_of(hash));
  else
    seconds_[row - 1] = second_of(hash);
}

}  // namespace sluice::pipeline
