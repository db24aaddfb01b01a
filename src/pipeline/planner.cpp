#include "sluice/pipeline/planner.hpp"

#include <algorithm>
#include <span>

#include "row_marks.hpp"

namespace sluice::pipeline {

namespace {
constexpr std::size_t kMostWaiting = 1024;
constexpr std::size_t kWrapping = sizeof(R"({"modifyOrders":[]})") - 1;  // round a body's elements, at most
constexpr std::size_t kComma = 1;
}  // namespace

Planner::Planner(JobId job, Size size, std::function<BatchId()> next_id, const RowMarks* marks)
    : job_(job), size_(size), next_id_(std::move(next_id)), marks_(marks) {}

bool Planner::fits(const Row& row) const {
  return !keys_.contains(row.key);
}

/// However large, a row goes alone rather than not at all.
bool Planner::is_full_for(const Row& row) const {
  return !open_.empty() && (open_.size() >= size_.orders || kWrapping + bytes_ + row.bytes > size_.bytes);
}

void Planner::place(const Row& row) {
  // A batch that is closed is filled again at once, with rows that waited: this one may find no room there either.
  while (is_full_for(row)) close();
  keys_.insert(row.key);
  bytes_ += row.bytes;
  open_.push_back(row);
}

void Planner::add(const records::RowRef& ref, const orders::Order& order, std::string_view element) {
  const Row row{.ref = ref,
                .key = order.key_hash(),
                .bytes = element.size() + kComma,
                .mark = marks_ != nullptr ? marks_->of_element(element) : 0};
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
  std::ranges::sort(open_, {}, [](const Row& row) { return row.ref.row; });
  for (const auto& row : open_) {
    batch.rows.push_back(row.ref);
    if (marks_ != nullptr) batch.marks.push_back(row.mark);
  }
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
