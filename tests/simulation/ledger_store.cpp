#include "ledger_store.hpp"

#include <algorithm>
#include <utility>

namespace sluice::simulation {

void LedgerStore::apply(const std::vector<ports::Change>& changes) {
  for (const auto& one : changes) {
    std::visit([this](const auto& typed) { change(typed); }, one);
  }
}

const std::map<std::uint64_t, records::RowResult>& LedgerStore::rows(std::uint64_t job) const {
  static const std::map<std::uint64_t, records::RowResult> none;
  const auto it = rows_.find(job);
  return it == rows_.end() ? none : it->second;
}

std::uint64_t LedgerStore::first_sends(std::uint32_t day) const {
  const auto it = first_sends_.find(day);
  return it == first_sends_.end() ? 0 : it->second;
}

std::string LedgerStore::note(const std::string& key) const {
  const auto it = notes_.find(key);
  return it == notes_.end() ? std::string{} : it->second;
}

void LedgerStore::change(const ports::PutJob& put) {
  const auto [it, fresh] = jobs_.try_emplace(put.job.id.n, put.job);
  if (!fresh) {
    const auto before = std::exchange(it->second, put.job);
    it->second.counts = before.counts;
    it->second.requests = before.requests;
    copy_hold(before, it->second);
  }
  numbers_.job = std::max(numbers_.job, put.job.id.n);
}

void LedgerStore::change(const ports::PutHold& put) {
  const auto it = jobs_.find(put.job.id.n);
  if (it != jobs_.end()) copy_hold(put.job, it->second);
}

void LedgerStore::change(const ports::AddCounts& add) {
  const auto it = jobs_.find(add.job.n);
  if (it == jobs_.end()) return;
  it->second.counts += add.counts;
  it->second.requests += add.requests;
}

void LedgerStore::change(const ports::ForgetSurvey& forget) {
  if (const auto it = jobs_.find(forget.job.n); it != jobs_.end()) it->second.counts = {};
  rows_.erase(forget.job.n);
  std::erase_if(batches_, [&](const auto& entry) { return entry.second.job == forget.job; });
}

void LedgerStore::change(const ports::PutRows& put) {
  auto& rows = rows_[put.job.n];
  for (const auto& row : put.rows) rows.insert_or_assign(row.row, row);
}

void LedgerStore::change(const ports::PutBatches& put) {
  for (const auto& batch : put.batches) {
    batches_.insert_or_assign(batch.id, batch);
    numbers_.batch = std::max(numbers_.batch, number(batch.id));
  }
}

void LedgerStore::change(const ports::DropBatch& drop) {
  batches_.erase(drop.batch);
}

void LedgerStore::change(const ports::CountFirstSends& count) {
  first_sends_[count.day] += count.orders;
}

void LedgerStore::change(const ports::PutDoubts& put) {
  for (const auto& doubt : put.doubts) {
    const auto same = std::ranges::find_if(
        doubts_, [&](const ports::Doubt& known) { return known.job == doubt.job && known.row == doubt.row; });
    if (same == doubts_.end()) {
      doubts_.push_back(doubt);
    } else {
      *same = doubt;
    }
  }
}

void LedgerStore::change(const ports::DropDoubts& drop) {
  std::erase_if(doubts_, [&](const ports::Doubt& doubt) { return doubt.job == drop.job; });
}

void LedgerStore::change(const ports::ForgetRows& forget) {
  rows_.erase(forget.job.n);
}

void LedgerStore::change(const ports::PutNote& put) {
  if (put.value.empty()) {
    notes_.erase(put.key);
  } else {
    notes_.insert_or_assign(put.key, put.value);
  }
}

}  // namespace sluice::simulation
