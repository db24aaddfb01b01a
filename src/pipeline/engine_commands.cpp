// Operator's work on one job, or on the whole line. Everything outlives a restart.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "engine_impl.hpp"

namespace sluice::pipeline {

using ports::Hold;
using ports::JobState;
using ports::Task;

Task<Result<std::string>> Engine::Impl::commit_header(Job& job, std::string words) {
  const auto done = co_await journal_.commit({ports::PutJob{job.header}});
  if (!done) co_return std::unexpected(done.error());
  spdlog::info("{}", words);
  job.changed->wake();
  sender_.wake();
  changed_->wake();
  co_return words;
}

Task<Result<std::string>> Engine::Impl::release(Job& job) {
  auto& header = job.header;
  if (!job.held() && header.released) co_return fmt::format("{} is not held", to_string(header.id));
  if (header.hold == Hold::address_changed) header.base_url = settings_.upstream.base_url;
  header.hold = Hold::none;
  header.hold_words.clear();
  header.released = true;
  if (!job.file) {
    auto file = co_await ports_.spool.read(header.id);
    if (!file) co_return std::unexpected(file.error());
    job.file = std::move(*file);
  }
  co_return co_await commit_header(job, fmt::format("{} goes on; no cap holds it any more", to_string(header.id)));
}

Task<Result<std::string>> Engine::Impl::cancel(Job& job) {
  auto& header = job.header;
  if (header.state > JobState::sending) {
    co_return fail(ErrorKind::usage, fmt::format("{} is as good as finished; nothing to cancel", to_string(header.id)));
  }
  header.cancelled = true;
  header.hold = Hold::none;
  header.hold_words.clear();
  co_return co_await commit_header(
      job, fmt::format("{} is cancelled: what is in flight finishes, the rest is not sent", to_string(header.id)));
}

Task<Result<std::string>> Engine::Impl::resolve(JobId id, bool applied) {
  const auto job = co_await ports_.ledger.job(id);
  if (!job) co_return std::unexpected(job.error());
  if (!*job) co_return fail(ErrorKind::missing, fmt::format("no job {}", to_string(id)));
  const auto done = co_await journal_.commit({ports::DropDoubts{id}});
  if (!done) co_return std::unexpected(done.error());
  const auto words =
      fmt::format("{}: its orders in doubt are resolved as {}; {}", to_string(id), applied ? "applied" : "not applied",
                  applied ? "don't drop them in again" : "the in-doubt file may be dropped in again");
  spdlog::info("{}", words);
  co_return words;
}

Task<Result<std::string>> Engine::Impl::command(Command what, JobId id) {
  if (what == Command::resolve_applied || what == Command::resolve_not_applied) {
    co_return co_await resolve(id, what == Command::resolve_applied);
  }
  const auto at = jobs_.find(id);
  if (at == jobs_.end()) {
    const auto known = co_await ports_.ledger.job(id);
    if (known && *known) co_return fail(ErrorKind::usage, fmt::format("{} is finished", to_string(id)));
    co_return fail(ErrorKind::missing, fmt::format("no job {}; `sluice status` lists them", to_string(id)));
  }
  auto& job = *at->second;
  if (what == Command::release) co_return co_await release(job);
  if (what == Command::cancel) co_return co_await cancel(job);
  if (job.header.state > JobState::sending) {
    co_return fail(ErrorKind::usage, fmt::format("{} is as good as finished; nothing to hold", to_string(id)));
  }
  job.header.hold = Hold::by_operator;
  job.header.hold_words = fmt::format("held by the operator; `sluice release {}` goes on", to_string(id));
  co_return co_await commit_header(job, fmt::format("{} is held; what is in flight finishes", to_string(id)));
}

Task<Result<std::string>> Engine::Impl::set_paused(bool paused) {
  const auto done = co_await journal_.commit({ports::PutNote{"paused", paused ? "by the operator" : ""}});
  if (!done) co_return std::unexpected(done.error());
  line_.set_operator_pause(paused, ports_.clock.wall());
  if (paused) sender_.turn_away();
  if (!paused) line_.try_again(false);
  sender_.wake();
  changed_->wake();
  const std::string words = paused ? "paused: no request starts until `sluice resume`" : "resumed";
  spdlog::info("{}", words);
  co_return words;
}

}  // namespace sluice::pipeline
