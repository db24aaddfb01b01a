// What was begun and is not in memory: of an earlier process, or forgotten after a fault.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "sluice/pipeline/mutation.hpp"
#include "sluice/pipeline/sender.hpp"

namespace sluice::pipeline {

ports::Task<Result<std::vector<ports::Batch>>> Sender::started_of(JobId job) {
  std::vector<ports::Batch> begun;
  while (true) {
    auto page =
        co_await parts_.journal.ledger().batches(job, false, begun.empty() ? BatchId{} : begun.back().id, kPage);
    if (!page) co_return std::unexpected(page.error());
    const bool last = page->size() < kPage;
    std::ranges::move(*page, std::back_inserter(begun));
    if (last) co_return begun;
  }
}

void Sender::guard(Job& job, const std::vector<ports::Batch>& begun) {
  std::vector<std::uint64_t> keys;
  for (const auto& batch : begun) {
    if (!is_first_send(batch)) keys.insert(keys.end(), batch.keys.begin(), batch.keys.end());
  }
  job.guard = parts_.busy.hold(std::move(keys));
}

ports::Task<Result<void>> Sender::guard(Job& job) {
  if (job.grip == FileGrip::sure || job.grip == FileGrip::doubtful) co_return Result<void>{};
  const auto begun = co_await started_of(job.id());
  if (!begun) co_return std::unexpected(begun.error());
  guard(job, *begun);
  co_return Result<void>{};
}

ports::Task<Result<void>> Sender::adopt_batch(Job& job, ports::Batch batch) {
  auto orders = co_await read_orders(job, batch.rows);
  if (!orders) co_return std::unexpected(orders.error());
  // A part that never went out holds nothing: it may be the one that has to wait for another's key.
  Waiting waiting{.batch = std::move(batch)};
  waiting.batch.keys = keys_of(*orders);
  if (!is_first_send(waiting.batch)) waiting.hold = parts_.busy.hold(waiting.batch.keys);
  to_boottime(waiting, parts_.clock, parts_.settings);
  const bool crashed = waiting.batch.sending;
  spdlog::debug("{}: batch {} of {} rows is taken up{}", to_string(job.id()), number(waiting.batch.id),
                waiting.batch.rows.size(), crashed ? "; its answer was lost" : "");
  if (crashed && !mutated(Mutation::forget_maybe_applied)) {
    auto kept = co_await apply(job, waiting, *orders, after_crash(waiting.batch, context(job, waiting)), 1);
    if (!kept) co_return fail(ErrorKind::cancelled, "stopped while taking up unfinished work");
    std::ranges::move(*kept, std::back_inserter(job.started));
    co_return Result<void>{};
  }
  waiting.batch.sending = false;
  job.started.push_back(std::move(waiting));
  co_return Result<void>{};
}

ports::Task<Result<void>> Sender::adopt(Job& job) {
  auto begun = co_await started_of(job.id());
  if (!begun) co_return std::unexpected(begun.error());
  guard(job, *begun);
  job.more_fresh = true;
  for (auto& batch : *begun) {
    const auto done = co_await adopt_batch(job, std::move(batch));
    if (done) continue;
    forget(job);
    if (!is_lost(done.error())) co_return done;
    co_await hold(job, ports::Hold::file_changed, done.error().words);
    co_return Result<void>{};
  }
  job.grip = FileGrip::sure;
  job.guard = {};
  wake();
  co_return Result<void>{};
}

/// What is in memory of a job is no longer all there is: adopt() asks the ledger again before anything goes on. Its
/// keys stay busy until then.
void Sender::forget(Job& job) {
  for (auto& waiting : job.started) job.guard.join(std::move(waiting.hold));
  job.started.clear();
  job.fresh.clear();
  job.cursor = BatchId{};
  job.grip = job.grip == FileGrip::sure || job.grip == FileGrip::unknown ? FileGrip::unknown : FileGrip::lost;
}

}  // namespace sluice::pipeline
