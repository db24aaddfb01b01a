#include "busy_keys.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "sluice/base/check.hpp"

namespace sluice::pipeline {

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
  for (const auto key : keys_) busy_->held_.erase(busy_->held_.find(key));
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
  SLUICE_CHECK(held_.empty(), "the busy keys end before what holds them");
}

bool BusyKeys::any_of(const std::vector<std::uint64_t>& keys) const {
  return std::ranges::any_of(keys, [&](auto key) { return held_.contains(key); });
}

KeyHold BusyKeys::hold(std::vector<std::uint64_t> keys) {
  held_.insert(keys.begin(), keys.end());
  return {*this, std::move(keys)};
}

}  // namespace sluice::pipeline
