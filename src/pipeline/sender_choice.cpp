// Which batch goes next: jobs in turn, what was begun before what is fresh, and nothing that has to wait.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <set>
#include <utility>

#include "sluice/base/rfc3339.hpp"
#include "sluice/pipeline/mutation.hpp"
#include "sluice/pipeline/sender.hpp"

namespace sluice::pipeline {

namespace {

constexpr std::size_t kWindow = 64;      // fresh batches loaded at a time
constexpr std::size_t kMostParked = 32;  // beyond it, a job waits for those in front
constexpr auto kAnnounceNext = std::chrono::milliseconds(250);
constexpr auto kAnnounceMore = std::chrono::milliseconds(20);  // docs/api.md: or what falls due within 20 ms
constexpr auto kLookAgain = std::chrono::milliseconds(5);
constexpr auto kTroubled = std::chrono::seconds(1);

Millis until_midnight(WallTime now) {
  const auto local = now + kApiOffset;
  return std::chrono::ceil<std::chrono::days>(local + Millis(1)) - local;
}

}  // namespace

void Sender::set_day(std::uint32_t day, std::uint64_t orders) {
  day_ = day;
  day_orders_ = orders;
}

void Sender::roll_day() {
  const auto today = day_number(api_day(parts_.clock.wall()));
  if (today != day_) set_day(today, 0);
}

bool Sender::may_begin(Boottime now, Boottime& ask_again) {
  ask_again = Boottime::max();
  if (exchanges_.size() >= parts_.settings.upstream.max_in_flight) return false;
  if (!parts_.journal.trouble().empty() || !parts_.gate.trouble().empty()) {
    ask_again = now + kTroubled;
    return false;
  }
  if (std::ranges::any_of(parts_.jobs, [](const auto& entry) { return entry.second->blocks_all_sending(); })) {
    ask_again = now + kTroubled;
    return false;
  }
  if (!parts_.line.may_start(now)) {
    ask_again = parts_.line.next_chance();
    return false;
  }
  const auto early = before_slot_ == 0 ? Nanos(kAnnounceNext) : Nanos(kAnnounceMore);
  const auto due = parts_.gate.due(before_slot_ + 1);
  if (due - early <= now) return true;
  // An exchange that gets its slot wakes us: until then there is no point in looking at every gap.
  ask_again = before_slot_ == 0 ? due - early : std::max(due - early, now + kLookAgain);
  return false;
}

std::uint64_t Sender::room_today(Job& job, Choice& choice) {
  const auto cap = parts_.settings.guard.max_orders_per_day;
  if (cap == 0 || job.header.released) return UINT64_MAX;
  const auto wall = parts_.clock.wall();
  roll_day();
  if (day_orders_ < cap) return cap - day_orders_;
  job.waits =
      fmt::format("guard.max_orders_per_day ({}) is reached: goes on at midnight (UTC+8), or after `sluice release {}`",
                  cap, to_string(job.id()));
  if (!std::exchange(job.capped, true)) spdlog::warn("{}: {}", to_string(job.id()), job.waits);
  choice.ask_again = std::min(choice.ask_again, parts_.clock.now() + until_midnight(wall));
  return 0;
}

/// Counted when it is chosen, so that batches on their way side by side keep the cap together.
void Sender::reserve_today(const Waiting& waiting, std::size_t most_rows) {
  roll_day();
  if (is_first_send(waiting.batch)) day_orders_ += std::min(most_rows, waiting.batch.rows.size());
}

bool Sender::is_busy(const std::vector<std::uint64_t>& keys) const {
  if (mutated(Mutation::ignore_busy_keys)) return false;
  return parts_.busy.any_of(keys);
}

bool Sender::choose_started(Job& job, Choice& choice) {
  const auto now = parts_.clock.now();
  for (auto waiting = job.started.begin(); waiting != job.started.end(); ++waiting) {
    if (waiting->due > now) {
      choice.ask_again = std::min(choice.ask_again, waiting->due);
      continue;
    }
    if (!waiting->hold && is_busy(waiting->batch.keys)) continue;
    const auto room = is_first_send(waiting->batch) ? room_today(job, choice) : UINT64_MAX;
    choice.most_rows = std::min<std::uint64_t>(waiting->batch.rows.size(), room);
    if (choice.most_rows == 0) continue;
    choice.waiting = std::move(*waiting);
    job.started.erase(waiting);
    return true;
  }
  return false;
}

bool Sender::choose_fresh(Job& job, Choice& choice) {
  std::set<std::uint64_t> passed;  // an order never overtakes another of its key in the file
  std::size_t parked = 0;
  for (auto waiting = job.fresh.begin(); waiting != job.fresh.end(); ++waiting) {
    const bool overtakes = std::ranges::any_of(waiting->batch.keys, [&](auto key) { return passed.contains(key); });
    if (waiting->due > parts_.clock.now() || overtakes || is_busy(waiting->batch.keys)) {
      passed.insert(waiting->batch.keys.begin(), waiting->batch.keys.end());
      choice.ask_again = std::min(choice.ask_again, std::max(waiting->due, parts_.clock.now() + kTroubled));
      if (++parked >= kMostParked) return false;
      continue;
    }
    choice.most_rows = std::min<std::uint64_t>(waiting->batch.rows.size(), room_today(job, choice));
    if (choice.most_rows == 0) return false;
    choice.waiting = std::move(*waiting);
    job.fresh.erase(waiting);
    return true;
  }
  return false;
}

bool Sender::choose_from(Job& job, Choice& choice) {
  if (!job.sending()) return false;
  if (!choose_started(job, choice) && !choose_fresh(job, choice)) return false;
  choice.job = &job;
  job.waits.clear();
  job.capped = false;
  turn_ = job.id();
  return true;
}

Sender::Choice Sender::choose() {
  Choice choice;
  auto& jobs = parts_.jobs;
  const auto after = jobs.upper_bound(turn_);
  for (auto job = after; job != jobs.end(); ++job) {
    if (choose_from(*job->second, choice)) return choice;
  }
  for (auto job = jobs.begin(); job != after; ++job) {
    if (choose_from(*job->second, choice)) return choice;
  }
  return choice;
}

ports::Task<void> Sender::refill() {
  std::vector<JobId> ids;
  for (const auto& [id, job] : parts_.jobs) {
    if (job->sending() && job->more_fresh && job->fresh.size() < kWindow / 4) ids.push_back(id);
  }
  for (const auto id : ids) {
    const auto at = parts_.jobs.find(id);
    if (at == parts_.jobs.end()) continue;
    const auto from = at->second->cursor;
    auto more = co_await parts_.journal.ledger().batches(id, true, from, kWindow);
    if (!more) {
      parts_.journal.note(more.error());
      co_return;
    }
    // It may have been cancelled, or have ended, before and meanwhile.
    if (!parts_.jobs.contains(id) || !parts_.jobs.at(id)->sending()) continue;
    auto& job = *parts_.jobs.at(id);
    if (job.cursor != from) continue;
    job.more_fresh = more->size() == kWindow;
    for (auto& batch : *more) {
      job.cursor = batch.id;
      job.fresh.push_back({.batch = std::move(batch)});
    }
  }
}

ports::Task<void> Sender::run() {
  while (!parts_.stop.asked && !parts_.journal.fatal()) {
    const auto tend = parts_.gate.tend();
    co_await refill();
    // What could not be written is tried again by those who hold it; if nobody does, this finds out that it can be.
    if (!parts_.journal.trouble().empty()) {
      co_await parts_.journal.commit({ports::PutNote{"tried", rfc3339(parts_.clock.wall())}});
    }
    const auto now = parts_.clock.now();
    auto until = Boottime::max();
    if (!parts_.stop.asked && may_begin(now, until)) {
      auto choice = choose();
      if (choice.job != nullptr) {
        const bool probe = !parts_.line.open();
        if (probe) parts_.line.probe_started();
        if (probe && parts_.settings.retry.in_doubt == config::InDoubt::hold) choice.most_rows = 1;
        reserve_today(choice.waiting, choice.most_rows);
        ++before_slot_;
        ++choice.job->in_flight;
        exchanges_.spawn(exchange(*choice.job, std::move(choice.waiting), choice.most_rows, probe));
        continue;
      }
      until = choice.ask_again;
    }
    co_await changed_->wait(std::min({until, tend, now + std::chrono::hours(1)}));
  }
  turn_away();
}

}  // namespace sluice::pipeline
