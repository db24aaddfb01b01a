#include "ended_jobs.hpp"

#include <ranges>

#include "sluice/ports/file_names.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::pipeline {

namespace {

constexpr std::size_t kMostShown = 5;
constexpr std::size_t kShownName = 80;

EndedJob summary_of(const ports::JobHeader& header) {
  return {.id = header.id,
          .name = text::shown(header.name, kShownName),
          .state = header.state,
          .rows = header.rows,
          .counts = header.counts,
          .exit = header.exit,
          .other_starts = header.other_starts,
          .finished = header.finished_at};
}

}  // namespace

ports::Task<Result<void>> EndedJobs::load(ports::Ledger& ledger, WallTime now) {
  // While the process runs it hears of each job that ends here.
  auto last = co_await ledger.ended_jobs(kMostShown);
  if (!last) co_return std::unexpected(last.error());
  for (const auto& header : *last) last_.push_back(summary_of(header));
  const auto doubts = co_await ledger.doubts(now);
  if (!doubts) co_return std::unexpected(doubts.error());
  for (const auto& doubt : *doubts) {
    // Somebody has looked it up: nothing is left to do about it.
    if (doubt.looked_up != ports::LookedUp::not_yet) continue;
    auto& left = in_doubt_[doubt.job];
    ++left.orders;
    left.since = std::max(left.since, doubt.since);
  }
  for (auto at = in_doubt_.begin(); at != in_doubt_.end();) {
    const auto job = co_await ledger.job(at->first);
    if (!job) co_return std::unexpected(job.error());
    const bool over = *job && (*job)->state == ports::JobState::done;  // else ended() will add it
    if (over) at->second.name = (*job)->name;
    at = over ? std::next(at) : in_doubt_.erase(at);
  }
  co_return Result<void>{};
}

void EndedJobs::ended(const ports::JobHeader& header, std::uint64_t in_doubt) {
  ++changes_;
  last_.push_front(summary_of(header));
  if (last_.size() > kMostShown) last_.pop_back();
  if (in_doubt > 0) in_doubt_[header.id] = {header.name, in_doubt, header.finished_at.value_or(WallTime{})};
}

void EndedJobs::resolved(JobId job, std::uint64_t left) {
  ++changes_;
  const auto at = in_doubt_.find(job);
  if (at == in_doubt_.end()) return;
  at->second.orders = left;
  if (left == 0) in_doubt_.erase(at);
}

void EndedJobs::add_to(Status& status, WallTime now) const {
  status.ended.assign(last_.begin(), last_.end());
  for (const auto& [id, left] : in_doubt_) {
    if (now - left.since >= ports::kDoubtsKept) continue;
    status.in_doubt.push_back(
        {.id = id,
         .name = text::shown(left.name, kShownName),
         .orders = left.orders,
         .file = text::shown(ports::output_name(left.name, id, ports::OutputKind::in_doubt), 255)});
  }
}

}  // namespace sluice::pipeline
