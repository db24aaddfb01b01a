#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string_view>
#include <vector>

#include "sluice/orders/order.hpp"
#include "sluice/pipeline/survey.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::pipeline {

/// Some keys, in one piece of memory that is used again and again.
class KeySet {
 public:
  explicit KeySet(std::size_t most) : slots_(std::bit_ceil(2 * most + 2)) {}
  bool contains(std::uint64_t key) const { return slots_[place_of(key)] != 0; }
  void insert(std::uint64_t key) { slots_[place_of(key)] = or_one(key); }
  void clear() { std::ranges::fill(slots_, 0); }

 private:
  /// 0 stands for an empty slot.
  static std::uint64_t or_one(std::uint64_t key) { return key == 0 ? 1 : key; }
  std::size_t place_of(std::uint64_t key) const {
    auto at = key & (slots_.size() - 1);
    while (slots_[at] != 0 && slots_[at] != or_one(key)) at = (at + 1) & (slots_.size() - 1);
    return at;
  }

  std::vector<std::uint64_t> slots_;
};

/// Packs valid rows into batches: at most `orders` rows and about `bytes` of body, each key (uid, orderId) once a
/// batch. A row whose key is in the batch already waits for the next one, so that a file full of pairs still fills
/// batches.
class Planner {
 public:
  struct Size {
    std::uint32_t orders;
    std::uint64_t bytes;
  };
  Planner(JobId job, Size size, std::function<BatchId()> next_id);

  void add(const records::RowRef& row, const orders::Order& order, const OrderHashes& hashes);
  /// The batches that are full; after finish(), all that are left.
  std::vector<ports::Batch> take();
  void finish();

 private:
  struct Row {
    records::RowRef ref;
    std::uint64_t key;
    std::uint64_t bytes;
    std::uint64_t mark;
  };
  bool is_full_for(const Row& row) const;
  void place(const Row& row);
  void wait(const Row& row);
  void refill();
  void close();

  JobId job_;
  Size size_;
  std::function<BatchId()> next_id_;
  std::vector<Row> open_;
  KeySet keys_;  ///< of the open batch
  std::uint64_t bytes_ = 0;
  std::map<std::uint64_t, std::deque<Row>> waiting_;  ///< by key, in the file's order
  std::map<std::uint64_t, std::uint64_t> heads_;      ///< the first of each: row and key
  std::size_t waiting_rows_ = 0;                      ///< bounded: beyond it, the open batch is closed early
  std::vector<ports::Batch> ready_;
};

}  // namespace sluice::pipeline
