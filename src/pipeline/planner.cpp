#include "planner.hpp"

#include <algorithm>
#include <span>

namespace sluice::pipeline {

namespace {
constexpr std::size_t kMostWaiting = 1024;
constexpr std::size_t kWrapping = sizeof(R"({"modifyOrders":[]})") - 1;  // round a body's elements, at most
constexpr std::size_t kComma = 1;
}  // namespace

Planner::Planner(JobId job, Size size, std::function<BatchId()> next_id)
    : job_(job), size_(size), next_id_(std::move(next_id)), keys_(size.orders) {}

/// However large, a row goes alone rather than not at all.
bool Planner::is_full_for(const Row& row) const {
  return !open_.empty() && (open_.size() >= size_.orders || kWrapping + bytes_ + row.bytes > size_.bytes);
}

void Planner::place(const Row& row) {
  keys_.insert(row.key);
  bytes_ += row.bytes;
  open_.push_back(row);
}

void Planner::add(const records::RowRef& ref, const orders::Order& order, const OrderHashes& hashes) {
  const Row row{.ref = ref, .key = hashes.key, .bytes = order.element().size() + kComma, .mark = hashes.element};
  // Of two rows with one key the earlier goes first, so a row never overtakes one that waits.
  if (keys_.contains(row.key) || (!waiting_.empty() && waiting_.contains(row.key))) {
    wait(row);
  } else {
    // A batch that is closed is filled again at once, with rows that waited: this one may find no room there either.
    while (is_full_for(row)) close();
    place(row);
  }
  if (open_.size() >= size_.orders || waiting_rows_ > kMostWaiting) close();
}

void Planner::wait(const Row& row) {
  auto& queue = waiting_[row.key];
  if (queue.empty()) heads_.emplace(row.ref.row, row.key);
  queue.push_back(row);
  ++waiting_rows_;
}

/// What waited goes first, one row of each key, in the file's order.
void Planner::refill() {
  std::vector<Row> next;
  while (!heads_.empty()) {
    const auto head = heads_.begin();
    const auto queue = waiting_.find(head->second);
    if (is_full_for(queue->second.front())) break;
    place(queue->second.front());
    heads_.erase(head);
    queue->second.pop_front();
    --waiting_rows_;
    if (queue->second.empty())
      waiting_.erase(queue);
    else
      next.push_back(queue->second.front());
  }
  for (const auto& row : next) heads_.emplace(row.ref.row, row.key);
}

void Planner::close() {
  ports::Batch batch;
  batch.id = next_id_();
  batch.job = job_;
  const auto by_row = [](const Row& row) { return row.ref.row; };
  // Only where rows have waited.
  if (!std::ranges::is_sorted(open_, {}, by_row)) std::ranges::sort(open_, {}, by_row);
  batch.rows.reserve(open_.size());
  batch.marks.reserve(open_.size());
  for (const auto& row : open_) {
    batch.rows.push_back(row.ref);
    batch.marks.push_back(row.mark);
  }
  ready_.push_back(std::move(batch));
  open_.clear();
  keys_.clear();
  bytes_ = 0;
  refill();
}

std::vector<ports::Batch> Planner::take() {
  return std::exchange(ready_, {});
}

void Planner::finish() {
  while (!open_.empty() || !heads_.empty()) close();
}

}  // namespace sluice::pipeline
