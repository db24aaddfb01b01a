#include "journal.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "sluice/text/words/line.hpp"

namespace sluice::pipeline {

namespace {
constexpr auto kRetryEvery = std::chrono::seconds(1);
constexpr Nanos kShortestCommit = std::chrono::milliseconds(20);

ports::AddCounts settled_by(const ports::Changes& changes) {
  ports::AddCounts sum{};
  for (const auto& change : changes) {
    const auto* added = std::get_if<ports::AddCounts>(&change);
    if (added == nullptr) continue;
    sum.counts += added->counts;
    sum.other_starts += added->other_starts;
  }
  return sum;
}
}  // namespace

Journal::Journal(ports::Clock& clock, ports::Ledger& ledger, const Stop& stop)
    : clock_(clock), ledger_(ledger), stop_(stop) {}

void Journal::note(const Error& error) {
  // Refused for what another host does or did: no trouble of the ledger's.
  if (error.kind == ErrorKind::stale || error.kind == ErrorKind::elsewhere) return;
  // A ledger that fails its check promises nothing any more: whatever is sent on its word may be sent twice.
  // One that another host has taken this one's jobs over from answers to that host alone.
  const bool fenced = error.kind == ErrorKind::fenced;
  if (fenced || error.kind == ErrorKind::corrupt || error.kind == ErrorKind::changed) {
    if (!fatal_ && fenced) spdlog::critical("{}", text::words::taken_over(error.words));
    if (!fatal_ && !fenced) spdlog::critical("{}", text::words::nothing_more_is_sent(error.words));
    fatal_ = error;
    tell_fatal_();
  } else if (trouble_ != error.words) {
    spdlog::error("{}", text::words::ledger_stands(error.words));
  }
  trouble_ = error.words;
}

ports::Task<void> Journal::until_others_commit(Boottime needed) {
  // Twice what one takes: the one that is waited for may have begun just now.
  const auto until = needed - 2 * std::max(slowest_lately_, kShortestCommit);
  if (until <= clock_.now()) co_return;
  const auto timer = clock_.timer();
  joining_.push_back(timer.get());
  struct Leave {
    std::vector<ports::Clock::Timer*>& joining;
    ports::Clock::Timer* timer;
    ~Leave() { std::erase(joining, timer); }  // also when the coroutine is destroyed while it waits
  } leave{joining_, timer.get()};
  co_await timer->wait(until);
}

ports::Task<Result<void>> Journal::commit(ports::Changes changes) {
  for (auto* timer : joining_) timer->wake();
  // Not even tried: a damaged file that takes a write looks whole and is not.
  if (fatal_) co_return std::unexpected(*fatal_);
  const auto settled = settled_by(changes);
  const auto began = clock_.now();
  auto done = co_await ledger_.commit(std::move(changes));
  const Nanos took = clock_.now() - began;
  meters_.commit_time += took;
  slowest_lately_ = std::max(took, slowest_lately_ - slowest_lately_ / 16);
  ++(done ? meters_.commits : meters_.failed_commits);
  if (done) {
    meters_.settled += settled.counts;
    meters_.other_starts += settled.other_starts;
  }
  if (!done) {
    note(done.error());
  } else if (!trouble_.empty() && !fatal_) {
    spdlog::info("{}", text::words::ledger_again());
    trouble_.clear();
  }
  tell_committed_();
  co_return done;
}

ports::Task<bool> Journal::commit_surely(ports::Changes changes) {
  return commit_surely([changes = std::move(changes)] { return changes; });
}

ports::Task<bool> Journal::commit_hold(const Job& job) {
  return commit_surely([&job] { return ports::Changes{ports::PutHold{job.decided()}}; });
}

ports::Task<bool> Journal::commit_surely(std::function<ports::Changes()> changes) {
  auto timer = clock_.timer();
  while (true) {
    // Made again for each try: while the disk was full an operator may have held or cancelled the job, and an old copy
    // would take that back.
    auto done = co_await commit(changes());
    if (done) co_return true;
    // What can't be written now is found by the next start as the ledger has it: *sending*, and so perhaps applied.
    if (fatal_ || stop_.cut() || clock_.now() >= stop_.patience) co_return false;
    co_await timer->wait(clock_.now() + kRetryEvery);
  }
}

}  // namespace sluice::pipeline
