#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "sluice/ports/ledger.hpp"

namespace sluice::pipeline {

/// A ledger in memory, of one header and the batches of any job: durable at once, or failing when told to.
class MemoryLedger final : public ports::Ledger {
 public:
  ports::Task<Result<void>> commit(std::vector<ports::Change> changes) override {
    if (failing) co_return std::unexpected(*failing);
    for (const auto& change : changes) std::visit([this](const auto& what) { apply(what); }, change);
    if (committed) committed(changes);
    co_return Result<void>{};
  }
  ports::Task<Result<std::vector<ports::JobHeader>>> open_jobs() override { co_return std::vector{header}; }
  ports::Task<Result<std::optional<ports::JobHeader>>> job(JobId id) override {
    co_return id == header.id ? std::optional(header) : std::nullopt;
  }
  ports::Task<Result<std::vector<ports::JobHeader>>> jobs_with_content(std::string, WallTime) override {
    co_return std::vector<ports::JobHeader>{};
  }
  ports::Task<Result<std::vector<ports::JobHeader>>> ended_jobs(std::size_t) override {
    co_return header.state == ports::JobState::done ? std::vector{header} : std::vector<ports::JobHeader>{};
  }
  ports::Task<Result<std::vector<ports::Batch>>> batches(JobId job, bool fresh, BatchId after,
                                                         std::size_t limit) override {
    if (asked) asked();
    if (after > BatchId{} && next_pages_failing) co_return std::unexpected(*next_pages_failing);
    std::vector<ports::Batch> page;
    for (auto at = kept.upper_bound(after); at != kept.end() && page.size() < limit; ++at) {
      if (at->second.fresh == fresh && at->second.job == job) page.push_back(at->second);
    }
    co_return page;
  }
  ports::Task<Result<std::vector<records::RowResult>>> rows(JobId, std::uint64_t after, std::size_t limit) override {
    std::vector<records::RowResult> page;
    for (auto at = settled.upper_bound(after); at != settled.end() && page.size() < limit; ++at)
      page.push_back(at->second);
    co_return page;
  }
  ports::Task<Result<std::vector<ports::Doubt>>> doubts(WallTime) override { co_return in_doubt; }
  ports::Task<Result<std::uint64_t>> first_sends(std::uint32_t day) override { co_return sent_first[day]; }
  ports::Task<Result<std::string>> note(std::string key) override { co_return notes[key]; }
  ports::Task<Result<Numbers>> numbers() override { co_return Numbers{}; }

  records::RowResult& settle(std::uint64_t row, records::Outcome outcome) {
    ++header.counts[outcome];
    return settled[row] = {.row = row, .outcome = outcome};
  }

  ports::JobHeader header;
  std::map<BatchId, ports::Batch> kept;
  std::map<std::uint64_t, records::RowResult> settled;
  std::vector<ports::Doubt> in_doubt;
  std::map<std::uint32_t, std::uint64_t> sent_first;
  std::map<std::string, std::string> notes;
  std::optional<Error> failing;
  std::optional<Error> next_pages_failing;                           ///< of batches()
  std::function<void()> asked;                                       ///< for batches
  std::function<void(const std::vector<ports::Change>&)> committed;  ///< hears of each commit once it is durable

 private:
  void apply(const ports::PutJob& put) {
    const auto before = std::exchange(header, put.job);
    header.counts = before.counts;
    if (before.id == put.job.id) copy_hold(before, header);
  }
  void apply(const ports::PutHold& put) { copy_hold(put.job, header); }
  void apply(const ports::AddCounts& add) {
    header.counts += add.counts;
    header.requests += add.requests;
  }
  void apply(const ports::PutRows& put) {
    for (const auto& row : put.rows) settled[row.row] = row;
  }
  void apply(const ports::PutBatches& put) {
    for (const auto& batch : put.batches) kept[batch.id] = batch;
  }
  void apply(const ports::DropBatch& drop) { kept.erase(drop.batch); }
  void apply(const ports::CountFirstSends& count) { sent_first[count.day] += count.orders; }
  void apply(const ports::PutDoubts& put) { in_doubt.insert(in_doubt.end(), put.doubts.begin(), put.doubts.end()); }
  void apply(const ports::DropDoubts&) { in_doubt.clear(); }
  void apply(const ports::PutNote& put) { notes[put.key] = put.value; }
  void apply(const auto&) {}
};

}  // namespace sluice::pipeline
