// Operator's work on one job, or on the whole line. Everything outlives a restart.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "engine_impl.hpp"
#include "sluice/pipeline/operator_command.hpp"

namespace sluice::pipeline {

using ports::Task;

Task<Result<std::string>> Engine::Impl::resolve(JobId id, bool applied) {
  const auto job = co_await ports_.ledger.job(id);
  if (!job) co_return std::unexpected(job.error());
  if (!*job) co_return fail(ErrorKind::missing, fmt::format("no job {}", to_string(id)));
  if (auto why = why_not_resolvable(**job)) co_return fail(ErrorKind::usage, std::move(*why));
  const auto note = resolved_note(applied, ports_.clock.wall());
  const auto done = co_await journal_.commit({ports::DropDoubts{id}, ports::PutNote{resolved_key(id), note}});
  if (!done) co_return std::unexpected(done.error());
  doubts_.resolved(id);
  ended_jobs_.resolved(id);
  const auto words = resolved_words(id, applied);
  spdlog::info("{}", words);
  co_return words;
}

Task<Result<std::string>> Engine::Impl::command(Command what, JobId id) {
  if (what == Command::resolve_applied || what == Command::resolve_not_applied) {
    co_return co_await resolve(id, what == Command::resolve_applied);
  }
  const auto at = jobs_.find(id);
  if (at == jobs_.end()) {
    auto known = co_await ports_.ledger.job(id);
    if (!known) co_return std::unexpected(known.error());
    if (!*known)
      co_return fail(ErrorKind::missing, fmt::format("no job {}; `sluice status` lists them", to_string(id)));
    auto refused = change_header(what, **known, settings_.upstream.base_url);
    if (!refused) co_return refused;
    co_return fail(ErrorKind::usage, fmt::format("{} is being taken this very moment; try again", to_string(id)));
  }
  auto& job = *at->second;
  if (job.deciding)
    co_return fail(ErrorKind::usage, fmt::format("{} has another command to carry out; try again", to_string(id)));
  auto changed = job.header;
  const auto words = change_header(what, changed, settings_.upstream.base_url);
  if (!words) co_return words;
  // Whatever else is committed for the job meanwhile says the same; but nothing is done about it before it is durable.
  job.deciding = std::move(changed);
  const auto done = co_await journal_.commit({ports::PutHold{job.decided()}});
  if (const auto still = jobs_.find(id); still != jobs_.end()) {
    if (done) copy_hold(job.decided(), job.header);
    job.deciding.reset();
    job.changed->wake();
    if (!done) tasks_.spawn(note_held(id));  // another commit may have carried it
  }
  if (!done) co_return std::unexpected(done.error());
  spdlog::info("{}", *words);
  sender_.wake();
  changed_->wake();
  co_return words;
}

Task<Result<std::string>> Engine::Impl::set_paused(bool paused) {
  const auto done = co_await journal_.commit({ports::PutNote{"paused", paused ? "by the operator" : ""}});
  if (!done) co_return std::unexpected(done.error());
  const bool was_paused = breaker_.operator_paused();
  if (paused != was_paused) breaker_.set_operator_pause(paused, ports_.clock.wall());
  const auto words = paused ? paused_words(was_paused) : resumed_words(was_paused, breaker_.words());
  if (paused) sender_.turn_away();
  if (!paused) breaker_.try_again();
  sender_.wake();
  changed_->wake();
  spdlog::info("{}", words);
  co_return words;
}

}  // namespace sluice::pipeline
