// Taking up what an earlier process left.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "engine_impl.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/text/about.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/jobs.hpp"
#include "sluice/text/words/operating.hpp"

namespace sluice::pipeline {

using ports::JobState;
using ports::Task;

Task<Result<bool>> Engine::Impl::claim_happened(ports::JobHeader& header) {
  // Asked of every job: a copied file's original must be gone from the inbox. Only a claim that the ledger knows no
  // more of can have come to nothing.
  const auto completed = co_await ports_.spool.claim_completed(header.id, header.name, header.source);
  if (!completed) co_return std::unexpected(completed.error());
  // A crash between the announcement and the rename leaves *claiming*: only the spool knows whether the file came.
  if (*completed || header.state != JobState::claiming) co_return true;
  header.state = JobState::dropped;
  // Surely: forgotten here, the next start would look for the file again, and might find another of that name.
  if (!co_await journal_.commit_surely({ports::PutJob{header}})) co_return fail(ErrorKind::cancelled, "stopped");
  co_return false;
}

Task<Result<void>> Engine::Impl::take_up(ports::JobHeader header) {
  const auto happened = co_await claim_happened(header);
  if (!happened) co_return std::unexpected(happened.error());
  if (!*happened) co_return Result<void>{};
  auto job = std::make_unique<Job>();
  job->header = std::move(header);
  job->changed = ports_.clock.timer();
  job->address_noted = !job->header.base_url.empty();
  auto& h = job->header;
  if (h.state == JobState::sending) job->take_reading(marks_);
  auto file = co_await ports_.spool.read(h.id);
  if (file) job->file = std::move(*file);
  spdlog::info("{}", text::about(h.id, text::words::taken_up_again(h.id, text::shown(h.name, 80))));
  const auto id = h.id;
  jobs_[id] = std::move(job);
  co_return Result<void>{};
}

Task<Result<void>> Engine::Impl::note_unknown_claims() {
  const auto claimed = co_await ports_.spool.claimed();
  if (!claimed) co_return std::unexpected(claimed.error());
  for (const auto id : *claimed) {
    // A file that no ledger knows may have been sent by one that was lost: it is shown, and never sent
    // (ARCHITECTURE.md, The life of a job).
    if (jobs_.contains(id)) continue;
    // On a shared spool it may be another host's, at work or just done.
    const auto known = co_await ports_.ledger.job(id);
    if (!known) co_return std::unexpected(known.error());
    if (*known && shares_ledger() && (*known)->state != JobState::dropped) continue;
    unknown_claims_.push_back(text::words::unknown_claim(id));
    spdlog::error("{}", text::about(id, text::words::unknown_claim(id)));
  }
  co_return Result<void>{};
}

/// Before anything is sent: what may have been applied, of any job, keeps its keys busy.
Task<Result<void>> Engine::Impl::adopt_all() {
  for (auto& [id, job] : jobs_) {
    if (job->header.state != JobState::sending || !job->file) continue;
    if (co_await worker_.check_file(*job) != Then::go_on) continue;  // its own task asks again
    auto adopted = co_await sender_.adopt(*job);
    if (!adopted) co_return adopted;
  }
  co_return Result<void>{};
}

Task<Result<void>> Engine::Impl::read_shared() {
  auto& ledger = ports_.ledger;
  while (true) {
    const auto before = std::pair{doubts_.changes(), pauses_};
    // Before the doubts, and nowhere else: others ask for doubts, too, and the ledger takes what was read last of both
    // for what is known here. So it takes the older one, and what is known of the doubts is at least as new.
    const auto paused = co_await ledger.note(ports::Note::paused);
    if (!paused) co_return std::unexpected(paused.error());
    auto in_doubt = co_await ledger.doubts(ports_.clock.wall());
    if (!in_doubt) co_return std::unexpected(in_doubt.error());
    const auto today = day_number(api_day(ports_.clock.wall()));
    const auto sent = co_await ledger.first_sends(today);
    if (!sent) co_return std::unexpected(sent.error());
    // What this process has decided meanwhile may be newer than what was read.
    if (before != std::pair{doubts_.changes(), pauses_}) continue;
    doubts_.renew(std::move(*in_doubt));
    // What an earlier process or another host sent today counts in today's cap.
    sender_.set_day(today, *sent);
    if (*paused != paused_by_) take_over_pause(*paused);
    co_return Result<void>{};
  }
}

/// Of an earlier process, or of another host's operator.
void Engine::Impl::take_over_pause(const std::string& by) {
  paused_by_ = by;
  breaker_.set_operator_pause(!by.empty(), ports_.clock.wall());
  if (!by.empty()) spdlog::warn("{}", text::words::line_paused_by(by));
  if (!by.empty()) sender_.turn_away();
  if (by.empty()) breaker_.try_again();
  changed_->wake();
}

Task<Result<void>> Engine::Impl::begin() {
  auto& ledger = ports_.ledger;
  const auto numbers = co_await ledger.numbers();
  if (!numbers) co_return std::unexpected(numbers.error());
  last_batch_ = numbers->batch;
  // Before any job is taken up: no order in doubt may go out again.
  if (auto read = co_await read_shared(); !read) co_return read;
  if (auto loaded = co_await ended_jobs_.load(ledger, ports_.clock.wall()); !loaded) co_return loaded;
  auto open = co_await ledger.open_jobs();
  if (!open) co_return std::unexpected(open.error());
  for (auto& header : *open) {
    if (auto done = co_await take_up(std::move(header)); !done) co_return done;
  }
  if (auto done = co_await note_unknown_claims(); !done) co_return done;
  // All of them, before the first request starts: each may have the key of an order that another job wants to send.
  auto adopted = co_await adopt_all();
  taken_up_ = adopted.has_value();
  co_return adopted;
}

void Engine::Impl::start_work() {
  for (auto& [id, job] : jobs_) tasks_.spawn(worker_.work(*job));
  tasks_.spawn(sender_.run());
  tasks_.spawn(keep_credential());
  tasks_.spawn(keep_progress());
  tasks_.spawn(forget_old());
  tasks_.spawn(keep_hosts());
}

}  // namespace sluice::pipeline
