#include "recover_sink.hpp"

#include <span>
#include <utility>

namespace sluice::app {

namespace {
constexpr std::size_t kPage = 1000;
}

RecoverSink::RecoverSink(JobId job, adapters::ledger::Salvage* salvage, ports::Ledger& ledger, WallTime now)
    : job_(job), salvage_(salvage), ledger_(ledger), now_(now) {}

ports::Task<Result<void>> RecoverSink::begin(const records::Format&, const pipeline::OrderReading& reading) {
  lang_ = reading.lang();
  page_.clear();
  rows_.clear();
  doubts_.clear();
  counts_ = {};
  at_ = paged_to_ = 0;
  more_ = salvage_ != nullptr;
  co_return co_await ledger_.commit({ports::ForgetSurvey{job_}, ports::DropDoubts{job_}});
}

/// Rows come in file order, so the salvage is paged along.
const records::RowResult* RecoverSink::salvaged(std::uint64_t row) {
  while (true) {
    while (at_ < page_.size() && page_[at_].row < row) ++at_;
    if (at_ < page_.size()) return page_[at_].row == row ? &page_[at_] : nullptr;
    if (!more_) return nullptr;
    page_ = salvage_->rows(job_, std::max(paged_to_, row - 1), kPage);
    more_ = page_.size() == kPage;
    if (!page_.empty()) paged_to_ = page_.back().row;
    at_ = 0;
  }
}

void RecoverSink::put(records::RowResult result) {
  ++counts_[result.outcome];
  rows_.push_back(std::move(result));
}

records::RowResult RecoverSink::lost(std::uint64_t row) const {
  records::RowResult result;
  result.row = row;
  result.outcome = records::Outcome::in_doubt;
  result.message = text::say(lang_, {text::Word::outcome_unknown, {"the ledger was lost", to_string(job_)}});
  result.at = now_;
  return result;
}

void RecoverSink::valid(const records::RowRef& row, std::uint64_t, const orders::Judged& judged) {
  const auto* known = salvaged(row.row);
  auto result = known != nullptr ? *known : lost(row.row);
  if (result.outcome == records::Outcome::in_doubt) {
    doubts_.push_back({.order_hash = judged.order.hash(),
                       .order = orders::body(std::span(&judged.order, 1)),
                       .job = job_,
                       .row = row.row,
                       .since = result.at.value_or(now_)});
  }
  put(std::move(result));
}

void RecoverSink::settled(std::uint64_t, const records::RowResult& result) {
  const auto* known = salvaged(result.row);
  put(known != nullptr ? *known : result);
}

ports::Task<Result<void>> RecoverSink::breathe() {
  if (rows_.empty()) co_return Result<void>{};
  co_return co_await ledger_.commit({ports::PutRows{job_, std::exchange(rows_, {})},
                                     ports::AddCounts{job_, std::exchange(counts_, {}), 0},
                                     ports::PutDoubts{std::exchange(doubts_, {})}});
}

}  // namespace sluice::app
