#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "sluice/base/time.hpp"

namespace sluice::pipeline {

class BusyKeys;

/// Its keys are busy while it lives. Move-only, so that what was made busy is released exactly once. It may hold no
/// keys at all, and still is a hold; a default one holds nothing.
class KeyHold {
 public:
  KeyHold() = default;
  KeyHold(KeyHold&& from) noexcept;
  KeyHold& operator=(KeyHold&& from) noexcept;
  ~KeyHold();

  explicit operator bool() const { return busy_ != nullptr; }
  /// A further hold, on some of the same keys: where a batch splits, its parts are held before the whole is released,
  /// so that no key is free in between. Nothing, if this holds nothing.
  KeyHold also(std::vector<std::uint64_t> keys) const;
  /// Takes over what another one holds.
  void join(KeyHold other);

 private:
  friend class BusyKeys;
  KeyHold(BusyKeys& busy, std::vector<std::uint64_t> keys) : busy_(&busy), keys_(std::move(keys)) {}

  BusyKeys* busy_ = nullptr;
  std::vector<std::uint64_t> keys_;
};

/// The keys (uid; orderId) of orders that were started and are not settled, of all jobs: no other order of one of them
/// may start (docs/api.md, One at a time). Outlives its holds. Open addressing, because each order comes and goes once.
class BusyKeys {
 public:
  BusyKeys() = default;
  ~BusyKeys();
  BusyKeys(const BusyKeys&) = delete;
  BusyKeys& operator=(const BusyKeys&) = delete;

  bool any_of(const std::vector<std::uint64_t>& keys) const;
  [[nodiscard]] KeyHold hold(std::vector<std::uint64_t> keys);

 private:
  friend class KeyHold;
  static constexpr std::size_t kFirstSlots = 256;

  std::size_t place_of(std::uint64_t key) const;
  void add(std::uint64_t key);
  void release(std::uint64_t key);
  void grow();

  std::vector<std::uint64_t> slots_ = std::vector<std::uint64_t>(kFirstSlots);  ///< a key for each hold on it; 0: empty
  std::size_t used_ = 0;
};

/// Keys that jobs of other hosts hold: busy here, too, until it is time to ask the ledger again.
class KeysElsewhere {
 public:
  void add(KeyHold keys, Boottime until) { held_.push_back({.until = until, .keys = std::move(keys)}); }
  /// Releases those whose time has come. When the next one's does.
  Boottime release(Boottime now) {
    while (!held_.empty() && held_.front().until <= now) held_.pop_front();
    return held_.empty() ? Boottime::max() : held_.front().until;
  }
  /// Another host may have settled them.
  void release_all() { held_.clear(); }

 private:
  struct Held {
    Boottime until;
    KeyHold keys;
  };
  std::deque<Held> held_;
};

}  // namespace sluice::pipeline
