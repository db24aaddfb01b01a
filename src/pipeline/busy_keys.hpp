#pragma once

#include <cstdint>
#include <unordered_set>
#include <vector>

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
/// may start (docs/api.md, One at a time). Outlives its holds.
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
  std::unordered_multiset<std::uint64_t> held_;  ///< once for each hold
};

}  // namespace sluice::pipeline
