// Operator's work on one job, or on the whole line. Everything outlives a restart.
#include <spdlog/spdlog.h>

#include "engine_impl.hpp"
#include "sluice/pipeline/operator_command.hpp"
#include "sluice/text/about.hpp"
#include "sluice/text/words/operating.hpp"

namespace sluice::pipeline {

using ports::Task;

Task<Result<std::string>> Engine::Impl::resolve(Resolution resolution, std::string user) {
  const auto id = resolution.job;
  user = co_await signed_by(ports_.hosts, std::move(user));
  const auto decision =
      co_await pipeline::resolve(ports_.ledger, std::move(resolution), {.user = user, .at = ports_.clock.wall()});
  if (!decision) co_return std::unexpected(decision.error());
  const auto done = co_await journal_.commit(decision->changes);
  if (!done) co_return std::unexpected(done.error());
  for (const auto& change : decision->changes) {
    if (const auto* resolved = std::get_if<ports::ResolveDoubts>(&change)) doubts_.resolve(*resolved);
  }
  ended_jobs_.resolved(id, doubts_.open_of(id));
  change_.changed();
  spdlog::info("{} ({})", text::about(id, decision->words), user);
  co_return decision->words;
}

/// Where another host works the job, it decides: nobody else knows what of it is under way.
Task<Result<std::string>> Engine::Impl::command(Command what, JobId id, std::string user) {
  user = co_await signed_by(ports_.hosts, std::move(user));
  if (jobs_.contains(id) || !shares_ledger()) co_return co_await command_here(what, id, std::move(user));
  auto said = co_await have_done(ports_.hosts, what, id, user);
  if (!said && said.error().kind == ErrorKind::missing) co_return co_await command_here(what, id, std::move(user));
  if (said) spdlog::info("{} ({})", text::about(id, *said), user);
  co_return said;
}

/// For an operator at another host.
Task<Result<std::string>> Engine::Impl::do_errand(Instruction what, ports::Errand errand) {
  if (const auto command = command_of(what)) {
    if (!errand.job) co_return fail(ErrorKind::usage, text::words::errand_unknown(""));
    co_return co_await command_here(*command, *errand.job, std::move(errand.user));
  }
  // What was decided stands in the ledger, which is the truth; this is only told to read it.
  shared_.expire();
  if (what == Instruction::try_again) breaker_.try_again();
  sender_.wake();
  co_return text::words::heard();
}

/// Whoever isn't reached, reads it in some seconds.
Task<void> Engine::Impl::tell_others(Instruction what, std::string user) {
  if (const auto told = co_await tell_line(ports_.hosts, what, std::move(user)); !told)
    spdlog::warn("{}", text::words::others_not_told(told.error().words));
}

Task<Result<std::string>> Engine::Impl::command_here(Command what, JobId id, std::string user) {
  const Decider who{.user = user, .at = ports_.clock.wall()};
  const auto at = jobs_.find(id);
  if (at == jobs_.end()) {
    auto known = co_await ports_.ledger.job(id);
    if (!known) co_return std::unexpected(known.error());
    if (!*known) co_return fail(ErrorKind::missing, text::words::no_job(id));
    auto refused = change_header(what, **known, settings_.upstream.base_url, who);
    if (!refused) co_return refused;
    co_return fail(ErrorKind::usage, text::words::job_being_taken(id));
  }
  auto& job = *at->second;
  // Two decisions at once could each be durable and neither be what the operators saw.
  if (job.deciding) co_return fail(ErrorKind::usage, text::words::job_busy(id));
  auto changed = job.header;
  const auto words = change_header(what, changed, settings_.upstream.base_url, who);
  if (!words) co_return words;
  // Whatever else is committed for the job meanwhile says the same; but nothing is done about it before it is durable.
  job.deciding = std::move(changed);
  const auto done = co_await journal_.commit({ports::PutHold{job.decided()}, decided_note(what, id, who)});
  if (const auto still = jobs_.find(id); still != jobs_.end()) {
    if (done) copy_hold(job.decided(), job.header);
    job.deciding.reset();
    job.changed->wake();
    // Another commit may have carried it. Not once all is cut: nothing commits any more, and run() may be returning.
    if (!done && !stop_.cut()) tasks_.spawn(note_held(id));
  }
  if (!done) co_return std::unexpected(done.error());
  spdlog::info("{} ({})", text::about(id, *words), user);
  sender_.wake();
  changed_->wake();
  change_.changed();
  co_return words;
}

Task<Result<std::string>> Engine::Impl::set_paused(bool paused, std::string user) {
  user = co_await signed_by(ports_.hosts, std::move(user));
  const Decider who{.user = user, .at = ports_.clock.wall()};
  // As read last, and not now: only read_shared() reads the note, or the ledger would think that all it goes with is
  // known here, too.
  const auto before = paused_by_;
  const auto decision = paused ? pipeline::pause(before, who) : pipeline::resume(before, "");
  const auto done = co_await journal_.commit(decision.changes);
  if (!done) co_return std::unexpected(done.error());
  ++pauses_;
  // Asked again after the commit: another operator may have been faster.
  if (paused != breaker_.operator_paused()) breaker_.set_operator_pause(paused, ports_.clock.wall());
  paused_by_ = paused ? before.empty() ? note_of(who) : before : "";
  const auto words = paused ? decision.words : pipeline::resume(before, breaker_.words()).words;
  if (paused) sender_.turn_away();
  // `resume` also means: try now, whatever else had paused it.
  if (!paused) breaker_.try_again();
  sender_.wake();
  changed_->wake();
  change_.changed();
  spdlog::info("{} ({})", words, user);
  if (shares_ledger() && !stop_.cut())
    tasks_.spawn(tell_others(paused ? Instruction::heed_pause : Instruction::try_again, std::move(user)));
  co_return words;
}

}  // namespace sluice::pipeline
