#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace sluice::pipeline {

/// On which line each key came first. Open addressing, so that a million keys are not a million allocations.
class FirstLines {
 public:
  /// The line on which the key came before; nothing: this is the first. Lines count from 1.
  std::optional<std::uint64_t> see(std::uint64_t key, std::uint64_t line) {
    if (2 * (used_ + 1) > entries_.size()) grow();
    Entry& entry = entries_[place_of(key)];
    if (entry.line != 0) return entry.line;
    entry = {.key = key, .line = line};
    ++used_;
    return std::nullopt;
  }

  /// Of a key that will be asked for soon: its place is fetched meanwhile. In a large file it is in no cache.
  void foresee(std::uint64_t key) const { __builtin_prefetch(&entries_[key & (entries_.size() - 1)]); }

 private:
  struct Entry {
    std::uint64_t key = 0;
    std::uint64_t line = 0;  ///< 0: none
  };

  std::size_t place_of(std::uint64_t key) const {
    auto at = key & (entries_.size() - 1);
    while (entries_[at].line != 0 && entries_[at].key != key) at = (at + 1) & (entries_.size() - 1);
    return at;
  }
  void grow() {
    for (const auto& entry : std::exchange(entries_, std::vector<Entry>(2 * entries_.size())))
      if (entry.line != 0) entries_[place_of(entry.key)] = entry;
  }

  std::vector<Entry> entries_ = std::vector<Entry>(64);
  std::size_t used_ = 0;
};

}  // namespace sluice::pipeline
