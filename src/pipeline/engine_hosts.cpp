// The other hosts of the account: what they settle, what they decide, and what those leave that are gone.
#include <spdlog/spdlog.h>

#include <utility>

#include "engine_impl.hpp"
#include "sluice/text/about.hpp"

namespace sluice::pipeline {

using ports::Task;

namespace {
constexpr auto kLookEvery = std::chrono::seconds(5);
constexpr auto kLookAroundEvery = std::chrono::seconds(1);
}  // namespace

Task<void> Engine::Impl::keep_hosts() {
  if (!shares_ledger()) co_return;
  auto read_again_at = ports_.clock.now() + kLookEvery;
  auto look_around_at = ports_.clock.now();
  while (!stop_.asked() && !journal_.fatal()) {
    co_await ports_.hosts.wait_for_change(ports_.clock.now() + kLookEvery);
    if (stop_.asked() || journal_.fatal()) co_return;
    // A pause that was ended elsewhere, room in the day's cap that was given back: nobody is refused for not knowing
    // them, so they are looked for. Not at each change, which every settlement of every host is.
    if (ports_.clock.now() >= read_again_at) {
      shared_.expire();
      co_await read_ended();
      read_again_at = ports_.clock.now() + kLookEvery;
    }
    sender_.others_changed();
    co_await errands_.do_all();
    co_await take_over();
    if (ports_.clock.now() < look_around_at) continue;
    look_around_at = ports_.clock.now() + kLookAroundEvery;
    co_await neighbours_.look(ports_.hosts);
    change_.changed();
  }
}

/// Jobs end at other hosts, too, and their orders in doubt are resolved there.
Task<void> Engine::Impl::read_ended() {
  const auto before = ended_jobs_.changes();
  EndedJobs read;
  if (const auto loaded = co_await read.load(ports_.ledger, ports_.clock.wall()); !loaded) co_return;
  if (ended_jobs_.changes() != before) co_return;  // what ended here meanwhile may not be in what was read
  ended_jobs_ = std::move(read);
}

/// What a host leaves whose lease is over goes on here as after a crash: what was announced may have been applied.
Task<void> Engine::Impl::take_over() {
  auto jobs = co_await ports_.hosts.take_over();
  if (!jobs) {
    if (jobs.error().kind == ErrorKind::fenced) journal_.note(jobs.error());
    co_return;  // asked again: nobody else has them meanwhile
  }
  for (auto& job : *jobs) taken_over_.push_back(std::move(job));
  std::vector<JobId> taken_up;
  // Already ours in the ledger: what can't be taken up now is tried again, and by the next start at the latest.
  while (!taken_over_.empty() && !stop_.asked()) {
    const auto id = taken_over_.front().id;
    if (const auto done = co_await take_up(taken_over_.front()); !done) break;
    taken_over_.pop_front();
    taken_up.push_back(id);
  }
  // All of them before the first one works, as at a start: each may have the key of an order that another one sends,
  // and nothing is sent while one of them is not yet known.
  for (const auto id : taken_up) {
    const auto job = jobs_.find(id);
    if (job == jobs_.end()) continue;  // its claim had come to nothing
    tasks_.spawn(worker_.work(*job->second));
    if (at_rest_) progress_->wake();
    changed_->wake();
  }
}

}  // namespace sluice::pipeline
