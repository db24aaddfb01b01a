#include "ledger_sink.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

#include "row_marks.hpp"
#include "sluice/text/words/spool.hpp"

namespace sluice::pipeline {

namespace {
constexpr std::size_t kFew = 64;  // batches
}

LedgerSink::LedgerSink(Job& job, Journal& journal, Planner::Size size, std::function<BatchId()> next_batch,
                       const RowMarks& marks, const Stop& stop)
    : job_(job), journal_(journal), size_(size), next_batch_(std::move(next_batch)), marks_(marks), stop_(stop) {}

ports::Task<Result<void>> LedgerSink::begin(const records::Format&, const OrderReading&) {
  rows_.clear();
  counts_ = uncounted_ = {};
  valid_ = 0;
  some_committed_ = false;
  planner_.emplace(job_.id(), size_, next_batch_);
  job_.header.state = ports::JobState::surveying;
  // Everything an earlier pass wrote is void: forgotten in the first commit of this one.
  first_ = {ports::PutJob{job_.header}, ports::ForgetSurvey{job_.id()}};
  co_return Result<void>{};
}

void LedgerSink::valid(const records::RowRef& row, std::uint64_t, const orders::Judged& judged,
                       const OrderHashes& hashes) {
  ++valid_;
  planner_->add(row, judged.order, hashes);
}

void LedgerSink::settled(std::uint64_t, const records::RowResult& result) {
  ++counts_[result.outcome];
  ++uncounted_[result.outcome];
  rows_.push_back(result);
}

void LedgerSink::gather(std::vector<ports::Change>& changes) {
  auto batches = planner_->take();
  if (!batches.empty() || !rows_.empty()) changes = std::exchange(first_, {});
  if (!batches.empty()) changes.emplace_back(ports::PutBatches{std::move(batches)});
  if (rows_.empty()) return;
  changes.emplace_back(ports::PutRows{job_.id(), std::exchange(rows_, {})});
  changes.emplace_back(ports::AddCounts{job_.id(), std::exchange(uncounted_, {}), 0});
}

ports::Task<Result<void>> LedgerSink::breathe() {
  const bool called_off = job_.held() || job_.header.ruling == ports::Ruling::cancelled;
  if (stop_.asked() || called_off) co_return fail(ErrorKind::cancelled, text::words::reading_called_off());
  // Lets everybody else run: answers must not wait while a million rows are read.
  co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
  std::vector<ports::Change> changes;
  gather(changes);
  if (changes.empty()) co_return Result<void>{};
  some_committed_ = true;
  co_return co_await journal_.commit(std::move(changes));
}

std::optional<SipKey> LedgerSink::key() const {
  return marks_.key();
}

std::optional<std::vector<ports::Batch>> LedgerSink::all_planned(const std::vector<ports::Change>& rest) const {
  if (some_committed_) return std::nullopt;
  std::vector<ports::Batch> all;
  for (const auto& change : rest) {
    const auto* put = std::get_if<ports::PutBatches>(&change);
    if (put != nullptr) all.insert(all.end(), put->batches.begin(), put->batches.end());
    if (all.size() > kFew) return std::nullopt;
  }
  return all;
}

std::vector<ports::Change> LedgerSink::rest() {
  planner_->finish();
  std::vector<ports::Change> changes;
  gather(changes);
  // Nothing of it was valid or settled: what an earlier pass wrote is forgotten all the same.
  std::ranges::move(std::exchange(first_, {}), std::back_inserter(changes));
  return changes;
}

}  // namespace sluice::pipeline
