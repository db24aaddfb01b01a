#include "sluice/pipeline/planner.hpp"

#include <algorithm>
#include <span>

namespace sluice::pipeline {

namespace {
constexpr std::size_t kMostWaiting = 1024;
}

Planner::Planner(JobId job, Size size, std::function<BatchId()> next_id)
    : job_(job), size_(size), next_id_(std::move(next_id)) {}

bool Planner::fits(const Row& row) const {
  return !keys_.contains(row.key);
}

/// However large, a row goes alone rather than not at all.
bool Planner::is_full_for(const Row& row) const {
  return !open_.empty() && (open_.size() >= size_.orders || bytes_ + row.bytes > size_.bytes);
}

void Planner::place(const Row& row) {
  // A batch that is closed is filled again at once, with rows that waited: this one may find no room there either.
  while (is_full_for(row)) close();
  keys_.insert(row.key);
  bytes_ += row.bytes;
  open_.push_back(row);
}

void Planner::add(const records::RowRef& ref, const orders::Order& order) {
  const Row row{ref, order.key_hash(), orders::body(std::span(&order, 1)).size()};
  // Of two rows with one key the earlier goes first, so a row never overtakes one that waits.
  const bool overtakes = std::ranges::any_of(waiting_, [&](const Row& w) { return w.key == row.key; });
  if (fits(row) && !overtakes) {
    place(row);
  } else {
    waiting_.push_back(row);
  }
  if (open_.size() >= size_.orders || waiting_.size() > kMostWaiting) close();
}

void Planner::close() {
  ports::Batch batch;
  batch.id = next_id_();
  batch.job = job_;
  for (const auto& row : open_) batch.rows.push_back(row.ref);
  std::ranges::sort(batch.rows, {}, &records::RowRef::row);
  ready_.push_back(std::move(batch));
  open_.clear();
  keys_.clear();
  bytes_ = 0;
  auto waiting = std::exchange(waiting_, {});
  std::unordered_set<std::uint64_t> passed;
  for (const auto& row : waiting) {
    if (is_full_for(row) || !fits(row) || passed.contains(row.key)) {
      passed.insert(row.key);
      waiting_.push_back(row);
    } else {
      place(row);
    }
  }
}

std::vector<ports::Batch> Planner::take() {
  return std::exchange(ready_, {});
}

void Planner::finish() {
  while (!open_.empty() || !waiting_.empty()) close();
}

}  // namespace sluice::pipeline
