#include "adoption.hpp"
#include "sluice/text/about.hpp"
#include "sluice/text/words/jobs.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace sluice::pipeline {

namespace {
constexpr std::size_t kPage = 256;  // batches asked of the ledger at a time
}

ports::Task<Result<std::vector<ports::Batch>>> Adoption::started_of(JobId job) {
  std::vector<ports::Batch> started;
  while (true) {
    const auto after = started.empty() ? BatchId{} : started.back().id;
    auto page = co_await parts_.journal.ledger().batches(job, ports::BatchSet::started, after, kPage);
    if (!page) co_return std::unexpected(page.error());
    // All of them are kept in memory; pages only keep the ledger's thread free for commits.
    const bool last = page->size() < kPage;
    std::ranges::move(*page, std::back_inserter(started));
    if (last) co_return started;
  }
}

void Adoption::guard(Job& job, const std::vector<ports::Batch>& started) {
  std::vector<std::uint64_t> keys;
  for (const auto& batch : started) {
    // What never went out can't collide at the API.
    if (!is_first_send(batch)) keys.insert(keys.end(), batch.keys.begin(), batch.keys.end());
  }
  job.guard = parts_.busy.hold(std::move(keys));
}

ports::Task<Result<void>> Adoption::guard(Job& job) {
  // Its batches are in memory, each with a hold of its own; a second one would never be released.
  if (job.grip == FileGrip::sure || job.grip == FileGrip::doubtful) co_return Result<void>{};
  const auto started = co_await started_of(job.id());
  if (!started) co_return std::unexpected(started.error());
  guard(job, *started);
  co_return Result<void>{};
}

ports::Task<Result<void>> Adoption::adopt_batch(Job& job, ports::Batch batch) {
  auto read = co_await read_again(job, batch);
  if (!read) co_return std::unexpected(read.error());
  Waiting waiting{.batch = std::move(batch), .due = {}, .hold = {}};
  waiting.batch.keys = keys_of(read->orders);
  // A part that never went out holds nothing: it may be the one that has to wait for another's key.
  if (!is_first_send(waiting.batch)) waiting.hold = parts_.busy.hold(waiting.batch.keys);
  to_boottime(waiting, parts_.clock, parts_.settings);
  // By another host's calendar a delay may seem to be over that has just begun, and the API still be at work.
  if (waiting.batch.not_before && waiting.batch.past.maybe_applied && parts_.hosts.lease_until() != Boottime::max())
    waiting.due = std::max(waiting.due, parts_.clock.now() + longest_at_work(parts_.settings));
  const bool crashed = waiting.batch.state == ports::BatchState::sending;
  if (spdlog::should_log(spdlog::level::debug)) {
    spdlog::debug("{}", text::about(job.id(), text::words::batch_taken_up(job.id(), number(waiting.batch.id),
                                                                          waiting.batch.rows.size(),
                                                                          crashed ? text::words::answer_lost() : "")));
  }
  if (!crashed) {
    job.started.push_back(std::move(waiting));
    co_return Result<void>{};
  }
  auto about = settlement_.context(job, waiting);
  // When its bytes left is not known, but that was before this start.
  about.may_still_run = parts_.settings.upstream.response_timeout;
  // Announced by a process that is gone. Whether its bytes left is unknown for ever, so they are taken to have: sent
  // again as perhaps applied, or in doubt (I4).
  auto follows = after_crash(waiting.batch, about);
  auto kept = co_await settlement_.apply(job, waiting, std::move(read->orders), std::move(follows), /*requests=*/1);
  if (!kept) co_return fail(ErrorKind::cancelled, text::words::stopped_taking_up());
  std::ranges::move(*kept, std::back_inserter(job.started));
  co_return Result<void>{};
}

ports::Task<Result<void>> Adoption::adopt(Job& job) {
  auto started = co_await started_of(job.id());
  if (!started) co_return std::unexpected(started.error());
  // First of all, from the ledger: whatever happens below, no other order of these keys starts.
  guard(job, *started);
  // Planned batches are loaded later, a window at a time; they hold no keys.
  job.loaded = BatchId{};
  for (auto& batch : *started) {
    const auto done = co_await adopt_batch(job, std::move(batch));
    if (done) continue;
    // Half taken up is not taken up: the next try must find nothing in memory twice.
    job.forget_batches();
    if (!is_lost(done.error())) co_return done;
    co_await job.hold(parts_.journal, ports::Hold::file_changed, done.error().words);
    co_return Result<void>{};
  }
  job.grip = FileGrip::sure;
  job.guard = {};  // each batch holds its own now
  co_return Result<void>{};
}

}  // namespace sluice::pipeline
