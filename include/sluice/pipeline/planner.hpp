#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "sluice/orders/order.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::pipeline {

class RowMarks;

/// Packs valid rows into batches: at most `orders` rows and about `bytes` of body, each key (uid, orderId) once a
/// batch. A row whose key is in the batch already waits for the next one, so that a file full of pairs still fills
/// batches.
class Planner {
 public:
  struct Size {
    std::uint32_t orders;
    std::uint64_t bytes;
  };
  /// `marks`: what each row is marked with, outlives this; null: a plan that nothing is sent by.
  Planner(JobId job, Size size, std::function<BatchId()> next_id, const RowMarks* marks = nullptr);

  /// `element`: orders::body_element(order).
  void add(const records::RowRef& row, const orders::Order& order, std::string_view element);
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
  bool fits(const Row& row) const;
  bool is_full_for(const Row& row) const;
  void place(const Row& row);
  void close();

  JobId job_;
  Size size_;
  std::function<BatchId()> next_id_;
  const RowMarks* marks_;
  std::vector<Row> open_;
  std::unordered_set<std::uint64_t> keys_;
  std::uint64_t bytes_ = 0;
  std::deque<Row> waiting_;  ///< bounded: beyond it, the open batch is closed early
  std::vector<ports::Batch> ready_;
};

}  // namespace sluice::pipeline
