#include "scheduler.hpp"
#include "shared_facts.hpp"
#include "sluice/text/about.hpp"
#include "sluice/text/words/jobs.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <set>
#include <utility>

namespace sluice::pipeline {

namespace {

constexpr std::size_t kWindow = 64;      // fresh batches loaded at a time
constexpr std::size_t kMostParked = 32;  // beyond it, a job waits for those in front
constexpr auto kAnnounceNext = std::chrono::milliseconds(250);
constexpr auto kAnnounceMore = std::chrono::milliseconds(20);  // docs/api.md, Limiters met in practice
constexpr auto kLookAgain = std::chrono::milliseconds(5);
constexpr auto kTroubled = std::chrono::seconds(1);

Millis until_midnight(WallTime now) {
  const auto local = now + kApiOffset;
  return std::chrono::ceil<std::chrono::days>(local + Millis(1)) - local;
}

}  // namespace

std::expected<void, Boottime> Scheduler::may_start(std::size_t in_flight, Boottime now) {
  // Bounds what a crash can leave in doubt. Never by itself: an attempt that ends wakes us.
  if (in_flight >= parts_.settings.upstream.max_in_flight) return std::unexpected(Boottime::max());
  // What could not be announced, or would not keep the pace, must not start (I2, I5).
  if (!parts_.journal.trouble().empty() || !parts_.slots.trouble().empty()) return std::unexpected(now + kTroubled);
  // Another host may take over from then on (docs/several-hosts.md).
  if (now >= parts_.hosts.lease_until()) return std::unexpected(now + kTroubled);
  // The sender reads them again first, and wakes itself.
  if (parts_.shared.expired()) return std::unexpected(now + kTroubled);
  // What a crash left unknown may have any key under way.
  if (std::ranges::any_of(parts_.jobs, [](const auto& entry) { return entry.second->blocks_all_sending(); })) {
    return std::unexpected(now + kTroubled);
  }
  if (!parts_.breaker.may_start(now)) return std::unexpected(parts_.breaker.next_chance());
  // The announcement's fsync has to be done when the slot falls due, or the pace is lost; announced much earlier, more
  // batches would stand as *sending* when a crash comes.
  const auto early = before_slot_ == 0 ? Nanos(kAnnounceNext) : Nanos(kAnnounceMore);
  const auto due = parts_.slots.due(before_slot_ + 1);
  if (due - early <= now) return {};
  // An attempt that gets its slot wakes us: until then there is no point in looking at every gap.
  return std::unexpected(before_slot_ == 0 ? due - early : std::max(due - early, now + kLookAgain));
}

std::uint64_t Scheduler::room_today(Job& job, Candidate& candidate) {
  if (job.header.ruling == ports::Ruling::released) return UINT64_MAX;
  const auto wall = parts_.clock.wall();
  const auto left = day_cap_.left(wall);
  if (left > 0) return left;
  job.waits = text::words::day_cap_reached(parts_.settings.guard.max_orders_per_day, job.id());
  // Once a day in the log, not at every look.
  if (!std::exchange(job.capped, true))
    spdlog::warn("{}", text::about(job.id(), text::words::job_is_waiting(job.id(), job.waits)));
  candidate.ask_again = std::min(candidate.ask_again, parts_.clock.now() + until_midnight(wall));
  return 0;
}

bool Scheduler::choose_started(Job& job, Candidate& candidate) {
  const auto now = parts_.clock.now();
  for (auto waiting = job.started.begin(); waiting != job.started.end(); ++waiting) {
    if (waiting->due > now) {
      candidate.ask_again = std::min(candidate.ask_again, waiting->due);
      continue;
    }
    // What holds its keys already may go on with them; a part that never went out has to ask like anybody else.
    if (!waiting->hold && parts_.busy.any_of(waiting->batch.keys)) continue;
    // A resend was counted on its first day, and must not be kept waiting by a cap.
    const auto room = is_first_send(waiting->batch) ? room_today(job, candidate) : UINT64_MAX;
    candidate.most_rows = std::min<std::uint64_t>(waiting->batch.rows.size(), room);
    if (candidate.most_rows == 0) continue;
    candidate.waiting = std::move(*waiting);
    job.started.erase(waiting);
    return true;
  }
  return false;
}

bool Scheduler::choose_fresh(Job& job, Candidate& candidate) {
  std::set<std::uint64_t> passed;  // an order never overtakes another of its key in the file
  std::size_t parked = 0;
  for (auto waiting = job.fresh.begin(); waiting != job.fresh.end(); ++waiting) {
    const auto& keys = waiting->batch.keys;
    const bool overtakes = std::ranges::any_of(keys, [&](auto key) { return passed.contains(key); });
    if (waiting->due > parts_.clock.now() || overtakes || parts_.busy.any_of(keys)) {
      passed.insert(keys.begin(), keys.end());
      candidate.ask_again = std::min(candidate.ask_again, std::max(waiting->due, parts_.clock.now() + kTroubled));
      // A file full of one key would be walked through at each look; what is behind waits for those in front.
      if (++parked >= kMostParked) return false;
      continue;
    }
    candidate.most_rows = std::min<std::uint64_t>(waiting->batch.rows.size(), room_today(job, candidate));
    if (candidate.most_rows == 0) return false;
    candidate.waiting = std::move(*waiting);
    job.fresh.erase(waiting);
    return true;
  }
  return false;
}

bool Scheduler::choose_from(Job& job, Candidate& candidate) {
  if (!job.sending()) return false;
  if (!choose_started(job, candidate) && !choose_fresh(job, candidate)) return false;
  candidate.job = &job;
  job.waits.clear();
  job.capped = false;
  // The next look begins behind it: twenty rows don't wait behind two hundred thousand.
  turn_ = job.id();
  return true;
}

Scheduler::Candidate Scheduler::choose() {
  Candidate candidate;
  auto& jobs = parts_.jobs;
  const auto after = jobs.upper_bound(turn_);
  for (auto job = after; job != jobs.end(); ++job) {
    if (choose_from(*job->second, candidate)) return candidate;
  }
  for (auto job = jobs.begin(); job != after; ++job) {
    if (choose_from(*job->second, candidate)) return candidate;
  }
  return candidate;
}

std::expected<Scheduler::Choice, Boottime> Scheduler::next(std::size_t in_flight) {
  if (const auto may = may_start(in_flight, parts_.clock.now()); !may) return std::unexpected(may.error());
  auto candidate = choose();
  if (candidate.job == nullptr) return std::unexpected(candidate.ask_again);
  // may_start() said yes although the line is paused: so this one is to find out whether that is over.
  const bool probe = parts_.breaker.tripped();
  // On `hold` each order of a probe that is lost ends in doubt: risk one.
  if (probe && parts_.settings.retry.in_doubt == config::InDoubt::hold) candidate.most_rows = 1;
  const auto& batch = candidate.waiting.batch;
  const auto first_sends = is_first_send(batch) ? std::min(candidate.most_rows, batch.rows.size()) : 0;
  return Choice{.job = *candidate.job,
                .waiting = std::move(candidate.waiting),
                .most_rows = candidate.most_rows,
                // Taken before it is sent: batches side by side must not each find the same room.
                .room = day_cap_.take(first_sends, parts_.clock.wall()),
                .probe = probe ? parts_.breaker.probe() : Breaker::Probe{},
                .in_flight = Tally(candidate.job->in_flight),
                .before_slot = Tally(before_slot_)};
}

ports::Task<void> Scheduler::refill() {
  std::vector<JobId> ids;
  for (const auto& [id, job] : parts_.jobs) {
    if (job->sending() && job->loaded && job->fresh.size() < kWindow / 4) ids.push_back(id);
  }
  for (const auto id : ids) {
    const auto at = parts_.jobs.find(id);
    if (at == parts_.jobs.end() || !at->second->loaded) continue;
    const auto from = *at->second->loaded;
    auto more = co_await parts_.journal.ledger().batches(id, ports::BatchSet::planned, from, kWindow);
    if (!more) {
      parts_.journal.note(more.error());
      co_return;
    }
    // It may have been cancelled, or have ended, before and meanwhile.
    if (!parts_.jobs.contains(id) || !parts_.jobs.at(id)->sending()) continue;
    auto& job = *parts_.jobs.at(id);
    // Somebody forgot or finished its batches while the ledger was asked: what came is stale.
    if (job.loaded != from) continue;
    for (auto& batch : *more) {
      job.loaded = batch.id;
      job.fresh.push_back({.batch = std::move(batch), .due = {}, .hold = {}});
    }
    if (more->size() < kWindow) job.loaded.reset();
  }
}

}  // namespace sluice::pipeline
