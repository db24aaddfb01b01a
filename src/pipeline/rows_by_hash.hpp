#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

namespace sluice::pipeline {

/// Which rows of a file have a hash of 64 bits, under a key that nobody knows who writes files (siphash.hpp); about 14
/// bytes a row. Of the hash all but two bits are kept: what has another by chance is found once in some millions of
/// files.
class RowsByHash {
 public:
  std::vector<std::uint64_t> find(std::uint64_t hash) const;
  void add(std::uint64_t hash, std::uint64_t row);
  /// Of a hash that will be asked for soon: its place is fetched meanwhile. In a large file it is in no cache.
  void foresee(std::uint64_t hash) const {
    const auto& part = parts_[hash % kParts];
    __builtin_prefetch(part.slots.data() + part.home(tag_of(hash)));
  }

 private:
  /// Open addressing. A slot is tag (upper half of the hash) and row in one word. All that are taken stand in order,
  /// each at its tag's home or behind it: a search ends at what is greater, and to grow is to copy. The last is empty.
  struct Part {
    static constexpr std::uint64_t kEmpty = ~std::uint64_t{0};
    std::vector<std::uint64_t> slots;
    std::size_t homes = 0;
    std::size_t used = 0;

    std::size_t home(std::uint64_t tag) const { return (tag * homes) >> 32; }
    /// Where this stands, or would.
    std::size_t place_of(std::uint64_t slot) const;
    void insert(std::uint64_t slot);
    void grow(std::size_t to);
  };
  // A hash's part is chosen by itself. Each grows alone: a table of all would need its memory twice over just when it
  // is largest.
  static constexpr std::size_t kParts = 64;
  static std::uint64_t tag_of(std::uint64_t hash) { return hash >> 32; }

  std::array<Part, kParts> parts_;
  /// Of a hash what its part and its tag leave out, but for two bits.
  using Second = std::array<std::uint8_t, 3>;
  static Second second_of(std::uint64_t hash);
  std::deque<Second> seconds_;  ///< by row - 1, for those added
};

}  // namespace sluice::pipeline
