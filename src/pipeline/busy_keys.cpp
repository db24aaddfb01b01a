#include "busy_keys.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "sluice/base/check.hpp"

namespace sluice::pipeline {

namespace {
/// 0 stands for an empty slot.
std::uint64_t or_one(std::uint64_t key) {
  return key == 0 ? 1 : key;
}
}  // namespace

KeyHold::KeyHold(KeyHold&& from) noexcept
    : busy_(std::exchange(from.busy_, nullptr)), keys_(std::exchange(from.keys_, {})) {}

KeyHold& KeyHold::operator=(KeyHold&& from) noexcept {
  KeyHold taken(std::move(from));
  std::swap(busy_, taken.busy_);
  std::swap(keys_, taken.keys_);
  return *this;
}

KeyHold::~KeyHold() {
  // One of its entries, not all: two parts of a batch may hold one key.
  for (const auto key : keys_) busy_->release(key);
}

KeyHold KeyHold::also(std::vector<std::uint64_t> keys) const {
  return busy_ == nullptr ? KeyHold{} : busy_->hold(std::move(keys));
}

void KeyHold::join(KeyHold other) {
  if (busy_ == nullptr) {
    *this = std::move(other);
    return;
  }
  std::ranges::copy(std::exchange(other.keys_, {}), std::back_inserter(keys_));
}

BusyKeys::~BusyKeys() {
  SLUICE_CHECK(used_ == 0, "the busy keys end before what holds them");
}

bool BusyKeys::any_of(const std::vector<std::uint64_t>& keys) const {
  return std::ranges::any_of(keys, [&](auto key) { return slots_[place_of(key)] != 0; });
}

KeyHold BusyKeys::hold(std::vector<std::uint64_t> keys) {
  for (const auto key : keys) add(key);
  return {*this, std::move(keys)};
}

/// Where the key is, or the empty slot before which it would be.
std::size_t BusyKeys::place_of(std::uint64_t key) const {
  auto at = or_one(key) & (slots_.size() - 1);
  while (slots_[at] != 0 && slots_[at] != or_one(key)) at = (at + 1) & (slots_.size() - 1);
  return at;
}

void BusyKeys::add(std::uint64_t key) {
  if ((used_ + 1) * 2 > slots_.size()) grow();
  auto at = place_of(key);
  while (slots_[at] != 0) at = (at + 1) & (slots_.size() - 1);
  slots_[at] = or_one(key);
  ++used_;
}

void BusyKeys::release(std::uint64_t key) {
  const auto mask = slots_.size() - 1;
  auto hole = place_of(key);
  SLUICE_CHECK(slots_[hole] != 0, "a key that is held is busy");
  // What stands behind it moves up, unless it would come to stand before its own place.
  for (auto at = (hole + 1) & mask; slots_[at] != 0; at = (at + 1) & mask) {
    if (((at - slots_[at]) & mask) < ((at - hole) & mask)) continue;
    slots_[hole] = slots_[at];
    hole = at;
  }
  slots_[hole] = 0;
  --used_;
}

void BusyKeys::grow() {
  std::vector<std::uint64_t> before(slots_.size() * 2);
  before.swap(slots_);
  used_ = 0;
  for (const auto key : before) {
    if (key != 0) add(key);
  }
}

}  // namespace sluice::pipeline
