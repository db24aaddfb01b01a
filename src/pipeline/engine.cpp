#include "sluice/pipeline/engine.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "engine_impl.hpp"
#include "sluice/text/about.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/jobs.hpp"
#include "sluice/text/words/line.hpp"

namespace sluice::pipeline {

namespace {

namespace words = text::words;

using ports::Task;

constexpr int kUnfinished = 3;
constexpr auto kNoUsableAnswer = std::chrono::minutes(30);  // docs/contract.md, Programs
constexpr auto kLook = std::chrono::milliseconds(500);
constexpr auto kProgressEvery = std::chrono::seconds(3);
constexpr auto kAtRest = std::chrono::hours(1);  // an idle daemon wakes the machine as seldom as it can
constexpr auto kCredentialEvery = std::chrono::seconds(5);
constexpr auto kCredentialPaused = std::chrono::seconds(1);

/// A spool that nobody else can work needs no lease.
Ports beside_others(const Ports& ports, LeasedSpool& leased) {
  const bool alone = ports.hosts.lease_until() == Boottime::max();
  return {ports.clock, alone ? ports.spool : leased, ports.ledger, ports.gate, ports.upstream, ports.hosts};
}

}  // namespace

Engine::Impl::Impl(const boost::asio::any_io_executor& executor, Ports ports, config::Settings settings)
    : executor_(executor),
      leased_spool_(ports.spool, ports.hosts, ports.ledger, ports.clock),
      ports_(beside_others(ports, leased_spool_)),
      settings_(std::move(settings)),
      marks_(ports.spool.secret()),
      journal_(ports.clock, ports.ledger, stop_),
      breaker_(settings_),
      slots_(ports.clock, ports.gate),
      shared_([this] { return read_shared(); }),
      sender_(executor, {.clock = ports.clock,
                         .upstream = ports.upstream,
                         .hosts = ports.hosts,
                         .journal = journal_,
                         .breaker = breaker_,
                         .slots = slots_,
                         .busy = busy_,
                         .jobs = jobs_,
                         .doubts = doubts_,
                         .shared = shared_,
                         .settings = settings_,
                         .stop = stop_,
                         .next_batch = [this] { return BatchId{++last_batch_}; },
                         .changed = [this] { change_.changed(); }}),
      worker_({.clock = ports.clock,
               .spool = ports_.spool,
               .journal = journal_,
               .jobs = jobs_,
               .sender = sender_,
               .hosts = ports.hosts,
               .doubts = doubts_,
               .marks = marks_,
               .settings = settings_,
               .stop = stop_,
               .next_batch = [this] { return BatchId{++last_batch_}; },
               .ended = [this](JobId job, int exit) { ended(job, exit); }}),
      intake_({.executor = executor,
               .clock = ports.clock,
               .spool = ports_.spool,
               .journal = journal_,
               .jobs = jobs_,
               .settings = settings_,
               .stop = stop_,
               .claimed =
                   [this](Job& job) {
                     tasks_.spawn(worker_.work(job));
                     if (at_rest_) progress_->wake();
                   },
               .changed = [this] { change_.changed(); }}),
      errands_(ports.hosts,
               [this](Instruction what, ports::Errand errand) { return do_errand(what, std::move(errand)); }),
      changed_(ports.clock.timer()),
      credential_(ports.clock.timer()),
      progress_(ports.clock.timer()),
      old_(ports.clock.timer()),
      tasks_(executor, ports.clock) {
  journal_.when_fatal([this] { changed_->wake(); });
  journal_.when_committed([this] { change_.changed(); });
}

void Engine::Impl::ended(JobId job, int exit) {
  worst_exit_ = std::max(worst_exit_, exit);
  const auto at = jobs_.find(job);
  ++(at->second->header.state == ports::JobState::rejected ? jobs_rejected_ : jobs_done_);
  ended_jobs_.ended(at->second->header, doubts_.open_of(job));
  // Its worker's coroutine still runs, and this call came out of it: the job outlives it by a little.
  ended_.push_back(std::move(at->second));
  jobs_.erase(at);
  ports_.spool.wake();
  changed_->wake();
  change_.changed();
}

void Engine::Impl::wake_all() {
  change_.changed();
  for (auto& [id, job] : jobs_) job->changed->wake();
  sender_.wake();
  ports_.spool.wake();
  changed_->wake();
  credential_->wake();
  progress_->wake();
  old_->wake();
  ports_.hosts.wake();
}

void Engine::Impl::stop() {
  // Twice is once: a second SIGTERM changes nothing, the grace goes on.
  if (stop_.asked()) return;
  // Before that nothing is in flight: what can't be written now is found again at the next start.
  stop_.step = taken_up_ ? Stop::Step::asked : Stop::Step::cut;
  sender_.turn_away();
  wake_all();
}

void Engine::Impl::reload(config::Settings settings) {
  settings_ = std::move(settings);
  for (auto& [id, job] : jobs_) {
    // Held in memory at once, before anything can be sent to the new address; durably as soon as the ledger takes it.
    if (worker_.hold_if_address_changed(*job)) tasks_.spawn(note_held(id));
  }
  // Whatever was wrong may be what was just corrected; if not, one probe finds out.
  breaker_.try_again();
  wake_all();
}

/// Of a job that ends meanwhile there is nothing to note.
Task<void> Engine::Impl::note_held(JobId id) {
  co_await journal_.commit_surely([this, id] {
    const auto job = jobs_.find(id);
    return job == jobs_.end() ? std::vector<ports::Change>{}
                              : std::vector<ports::Change>{ports::PutHold{job->second->decided()}};
  });
}

Task<void> Engine::Impl::keep_credential() {
  while (!stop_.asked()) {
    const bool paused = breaker_.pause() == Pause::authorization;
    co_await credential_->wait(ports_.clock.now() + (paused ? Nanos(kCredentialPaused) : Nanos(kCredentialEvery)));
    if (stop_.asked()) co_return;
    // Looked at more often while paused for it: whoever has just put a new one in place is waiting.
    const auto changed = co_await ports_.upstream.refresh_credential();
    const auto trouble = changed ? "" : changed.error().words;
    change_.changed();
    if (trouble != std::exchange(credential_trouble_, trouble) && !trouble.empty()) {
      spdlog::warn("{}", words::credential_unreadable(trouble));
    }
    if (!changed || !*changed) continue;
    spdlog::info("{}", words::credential_is_new());
    breaker_.new_credential(ports_.clock.now());
    sender_.wake();
  }
}

Task<void> Engine::Impl::keep_progress() {
  while (!stop_.asked()) {
    at_rest_ = jobs_.empty() && ended_.empty();
    co_await progress_->wait(ports_.clock.now() + (at_rest_ ? Nanos(kAtRest) : Nanos(kProgressEvery)));
    if (std::exchange(at_rest_, false)) continue;  // a job has come, of which there is nothing to tell yet
    // Their coroutines have returned by now: nobody refers to these jobs any more.
    ended_.clear();
    std::vector<JobId> ids;
    for (const auto& [id, job] : jobs_) ids.push_back(id);
    for (const auto id : ids) {
      const auto at = jobs_.find(id);
      if (at == jobs_.end() || at->second->header.state >= ports::JobState::staged || stop_.asked()) continue;
      const auto line = progress_line(*at->second);
      const auto name = at->second->header.name;
      at->second->shows_progress = true;
      co_await ports_.spool.progress(id, name, line);
      // It may have ended meanwhile: then nothing may be left behind.
      if (!jobs_.contains(id) || jobs_.at(id)->header.state >= ports::JobState::staged) {
        co_await ports_.spool.progress(id, name, "");
      }
    }
  }
}

/// The two steps of a stop: what is in flight has its grace, then it is cut.
Task<void> Engine::Impl::end() {
  stop();
  const auto deadline = ports_.clock.now() + settings_.stop.grace;
  while ((sender_.in_flight() > 0 || tasks_.size() > 0) && ports_.clock.now() < deadline && !journal_.fenced()) {
    co_await changed_->wait(std::min(deadline, ports_.clock.now() + std::chrono::milliseconds(20)));
  }
  stop_.step = Stop::Step::cut;
  if (sender_.in_flight() > 0) spdlog::warn("{}", words::requests_cut(sender_.in_flight()));
  // After `cut` is said, so that the answers these exchanges will not get are taken for our own doing.
  ports_.upstream.cut();
  wake_all();
  // Settling what was cut may commit; only then may the rest go.
  co_await sender_.join();
  co_await tasks_.join();
  if (journal_.fenced()) co_return;  // these are another host's by now
  for (const auto& [id, job] : jobs_) co_await ports_.spool.progress(id, job->header.name, "");
}

/// begin() failed; or it waited for a disk, and was stopped or ran out of patience.
Task<Result<int>> Engine::Impl::leave(Error why, int when_stopped) {
  co_await end();
  if (journal_.fatal()) co_return std::unexpected(*journal_.fatal());
  if (why.kind != ErrorKind::cancelled) co_return std::unexpected(std::move(why));
  if (!journal_.trouble().empty()) spdlog::warn("{}", words::what_was_started_is_left(journal_.trouble()));
  co_return when_stopped;
}

Task<Result<int>> Engine::Impl::run() {
  if (auto ready = co_await begin(); !ready) co_return co_await leave(ready.error(), 0);
  start_work();
  tasks_.spawn(intake_.run());
  while (!stop_.asked() && !journal_.fatal()) co_await changed_->wait(ports_.clock.now() + std::chrono::minutes(1));
  co_await end();
  if (journal_.fatal()) co_return std::unexpected(*journal_.fatal());
  spdlog::info("{}", jobs_.empty() ? words::stopped_idle() : words::stopped(jobs_.size()));
  co_return 0;
}

bool Engine::Impl::all_wait() const {
  return std::ranges::all_of(jobs_, [](const auto& entry) {
    const auto& job = *entry.second;
    const bool capped = job.capped && job.in_flight == 0 &&
                        std::ranges::all_of(job.started, [](const auto& w) { return is_first_send(w.batch); });
    // A batch that was sent once doesn't wait for the cap, so a job that has one is not waiting for tomorrow.
    return job.held() || capped;
  });
}

bool Engine::Impl::drain_must_end(Boottime started, std::optional<Nanos> within) const {
  const auto now = ports_.clock.now();
  // No new slot from here on; what is in flight still has its grace (docs/contract.md, Programs).
  if (within && now - started >= *within) return true;
  if (!inbox_) return false;
  const auto pause = breaker_.pause();
  if (pause == Pause::authorization || pause == Pause::certificate || pause == Pause::address ||
      pause == Pause::by_operator) {
    return true;
  }
  // Cron comes again: hanging on an API that is down would only hold the lock against the next run.
  return !jobs_.empty() && now - std::max(started, breaker_.last_usable().value_or(started)) >= kNoUsableAnswer;
}

Task<void> Engine::Impl::until_drained(Boottime started, std::optional<Nanos> within) {
  while (!stop_.asked() && !journal_.fatal()) {
    if (inbox_ && (jobs_.empty() || all_wait())) co_return;
    if (drain_must_end(started, within)) co_return;
    co_await changed_->wait(ports_.clock.now() + kLook);
  }
}

std::string Engine::Impl::why_left(const Job& job) const {
  const auto why = job.held()                        ? job.header.hold_words
                   : breaker_.pause() != Pause::none ? breaker_.words()
                   : !journal_.trouble().empty()     ? journal_.trouble()
                   : job.waits.empty()               ? words::time_was_over()
                                                     : job.waits;
  return why;
}

Task<Result<int>> Engine::Impl::drain(std::optional<Nanos> within) {
  const auto started = ports_.clock.now();
  // Taking up what is left may need the disk; a full one must not keep cron's process for ever.
  stop_.patience = started + std::min<Nanos>(within.value_or(kNoUsableAnswer), kNoUsableAnswer);
  if (auto ready = co_await begin(); !ready) co_return co_await leave(ready.error(), kUnfinished);
  // From here on a disk that is full is waited for: answers are at stake, and no longer only a start.
  stop_.patience = Boottime::max();
  start_work();
  tasks_.spawn([](Impl& me) -> Task<void> {
    me.inbox_ = co_await me.intake_.once();
    me.changed_->wake();
  }(*this));
  co_await until_drained(started, within);
  co_await end();
  if (journal_.fatal()) co_return std::unexpected(*journal_.fatal());
  for (const auto& [id, job] : jobs_) {
    const auto name = text::shown(job->header.name, 80);
    spdlog::warn("{}", text::about(id, words::job_left(id, name, why_left(*job))));
  }
  // A file that could have been taken and was not is unfinished work, too: exit 3, so that somebody looks.
  const bool unfinished = !jobs_.empty() || !unknown_claims_.empty() || inbox_ != Intake::Inbox::taken;
  co_return std::max(worst_exit_, unfinished ? kUnfinished : 0);
}

Task<Result<int>> Engine::Impl::publish_settled() {
  if (auto ready = co_await begin(); !ready) co_return co_await leave(ready.error(), kUnfinished);
  for (auto& [id, job] : jobs_) {
    // Only what needs no request: `recover` must be safe to run by whoever has just lost a ledger.
    if (job->unsettled() == 0) tasks_.spawn(worker_.work(*job));
  }
  while (tasks_.size() > 0 && !all_wait()) co_await changed_->wait(ports_.clock.now() + kLook);
  co_await end();
  if (journal_.fatal()) co_return std::unexpected(*journal_.fatal());
  co_return std::max(worst_exit_, jobs_.empty() ? 0 : kUnfinished);
}

Engine::Engine(const boost::asio::any_io_executor& executor, Ports ports, config::Settings settings)
    : impl_(std::make_unique<Impl>(executor, ports, std::move(settings))) {}
Engine::~Engine() = default;

Task<Result<int>> Engine::run() {
  return impl_->run();
}
Task<Result<int>> Engine::drain(std::optional<Nanos> within) {
  return impl_->drain(within);
}
Task<Result<int>> Engine::publish_settled() {
  return impl_->publish_settled();
}
void Engine::stop() {
  impl_->stop();
}
void Engine::reload(config::Settings settings) {
  impl_->reload(std::move(settings));
}
Status Engine::status() const {
  return impl_->status();
}
const std::vector<ports::Hosts::JobElsewhere>& Engine::jobs_elsewhere() const {
  return impl_->jobs_elsewhere();
}
std::vector<RateSecond> Engine::rates(std::chrono::sys_seconds since) const {
  return impl_->rates(since);
}
std::vector<WaitingFile> Engine::waiting_files() const {
  return impl_->waiting_files();
}
void Engine::on_change(std::function<void()> tell) {
  impl_->on_change(std::move(tell));
}
Task<Result<PlacedBefore>> Engine::placed_before(std::vector<std::string> elements) {
  return impl_->placed_before(std::move(elements));
}
Task<Result<std::string>> Engine::command(Command what, JobId job, std::string user) {
  return impl_->command(what, job, std::move(user));
}
Task<Result<std::string>> Engine::resolve(Resolution resolution, std::string user) {
  return impl_->resolve(std::move(resolution), std::move(user));
}
Task<Result<std::string>> Engine::pause(std::string user) {
  return impl_->set_paused(true, std::move(user));
}
Task<Result<std::string>> Engine::resume(std::string user) {
  return impl_->set_paused(false, std::move(user));
}

}  // namespace sluice::pipeline
