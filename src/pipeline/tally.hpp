#pragma once

#include <cstdint>
#include <utility>

namespace sluice::pipeline {

/// Counts one more while it lives. Move-only: what was counted up is counted down exactly once.
class Tally {
 public:
  Tally() = default;
  explicit Tally(std::uint32_t& count) : count_(&count) { ++count; }
  Tally(Tally&& from) noexcept : count_(std::exchange(from.count_, nullptr)) {}
  Tally& operator=(Tally&& from) noexcept {
    std::swap(count_, from.count_);
    return *this;
  }
  ~Tally() { end(); }
  explicit operator bool() const { return count_ != nullptr; }
  void end() {
    if (count_ != nullptr) --*std::exchange(count_, nullptr);
  }

 private:
  std::uint32_t* count_ = nullptr;
};

}  // namespace sluice::pipeline
