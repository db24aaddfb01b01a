#include "offline.hpp"

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>

#include <filesystem>
#include <optional>
#include <utility>

#include "finish_task.hpp"
#include "machine.hpp"
#include "sluice/adapters/ledger/ledger.hpp"
#include "sluice/adapters/spool/lock.hpp"
#include "sluice/control/history.hpp"
#include "sluice/control/views.hpp"
#include "sluice/pipeline/operator_command.hpp"
#include "sluice/pipeline/still_picture.hpp"
#include "sluice/ports/ledger.hpp"
#include "used_numbers.hpp"

namespace sluice::app {

namespace {

using pipeline::Decision;
using ports::Task;

WallTime wall_now() {
  return std::chrono::floor<Millis>(std::chrono::system_clock::now());
}

constexpr const char* kNobody = "no sluice process works this spool: `sluice run`, or `sluice drain`";
constexpr const char* kNextTime = " (no sluice process runs now: the next `sluice run` or `sluice drain` acts on it)";
constexpr const char* kSilent =
    "a sluice process has this spool, but is starting, stopping or recovering: this is what the ledger says";

Task<Result<std::string>> look(CommandLine command, const config::Settings& settings, ports::Ledger& ledger) {
  if (command.verb == Verb::show) co_return co_await control::job_answer(ledger, command.job, wall_now());
  if (command.verb == Verb::history) {
    co_return co_await control::history_answer(ledger,
                                               {.since = since(command.since, wall_now()), .name = command.name});
  }
  auto status = co_await pipeline::still_picture(ledger, settings, wall_now());
  if (!status) co_return std::unexpected(status.error());
  const bool worked = adapters::spool::Lock::held_elsewhere(settings.spool);
  status->note = worked ? kSilent : kNobody;
  for (auto& job : status->jobs) {
    if (!worked && job.held.empty()) job.waits = "no sluice process runs";
  }
  co_return control::status_json(*status);
}

pipeline::Command command_of(Verb verb) {
  return verb == Verb::release  ? pipeline::Command::release
         : verb == Verb::cancel ? pipeline::Command::cancel
                                : pipeline::Command::hold;
}

Task<Result<Decision>> decide_line(Verb verb, ports::Ledger& ledger, const pipeline::Decider& who) {
  const auto before = co_await ledger.note(ports::Note::paused);
  if (!before) co_return std::unexpected(before.error());
  if (verb == Verb::pause) co_return pipeline::pause(*before, who);
  auto decision = pipeline::resume(*before, "");
  if (!before->empty()) decision.words += kNextTime;
  co_return decision;
}

Task<Result<Decision>> decide_job(CommandLine command, const config::Settings& settings, ports::Ledger& ledger,
                                  const pipeline::Decider& who) {
  auto job = co_await ledger.job(command.job);
  if (!job) co_return std::unexpected(job.error());
  if (!*job) co_return fail(ErrorKind::missing, fmt::format("no job {}", to_string(command.job)));
  const auto what = command_of(command.verb);
  auto words = pipeline::change_header(what, **job, settings.upstream.base_url, who);
  if (!words) co_return std::unexpected(words.error());
  if (what != pipeline::Command::hold) *words += kNextTime;
  co_return Decision{.changes = {ports::PutHold{**job}, pipeline::decided_note(what, command.job, who)},
                     .words = std::move(*words)};
}

Task<Result<Decision>> decide(const CommandLine& command, const pipeline::Resolution& resolution,
                              const config::Settings& settings, ports::Ledger& ledger, const pipeline::Decider& who) {
  if (command.verb == Verb::resolve) return pipeline::resolve(ledger, resolution, who);
  if (command.verb == Verb::pause || command.verb == Verb::resume) return decide_line(command.verb, ledger, who);
  return decide_job(command, settings, ledger, who);
}

Task<Result<std::string>> change(CommandLine command, pipeline::Resolution resolution, const config::Settings& settings,
                                 ports::Ledger& ledger, std::string user) {
  const pipeline::Decider who{.user = std::move(user), .at = wall_now()};
  auto decision = co_await decide(command, resolution, settings, ledger, who);
  if (!decision) co_return std::unexpected(decision.error());
  const auto done = co_await ledger.commit(std::move(decision->changes));
  if (!done) co_return std::unexpected(done.error());
  co_return control::said_json(decision->words);
}

}  // namespace

Result<std::string> answer_offline(const CommandLine& command, const pipeline::Resolution& resolution,
                                   const config::Settings& settings, const std::string& user) {
  const bool looks = command.verb >= Verb::status && command.verb <= Verb::history;
  boost::asio::io_context io{1};
  std::optional<adapters::spool::Lock> lock;
  if (!looks) {
    auto taken = adapters::spool::Lock::take(settings.spool);
    if (!taken) return std::unexpected(taken.error());
    lock = std::move(*taken);
  }
  const auto path = ledger_path(settings);
  std::error_code ignored;
  // Where one was lost, none is made: `recover` has to begin it.
  const bool lost = !std::filesystem::exists(path, ignored) && has_had_jobs(settings.spool);
  auto ledger = adapters::ledger::SqliteLedger::open(path, {.read_only = looks || lost});
  if (!ledger) {
    if (ledger.error().kind != ErrorKind::missing) return std::unexpected(ledger.error());
    return fail(ErrorKind::config,
                lost ? fmt::format("{} is missing, but this spool has had jobs: run `sluice recover`", path)
                     : fmt::format("{} is missing: no sluice has worked this spool yet (`sluice run` makes it)", path));
  }
  return finish(io, looks ? look(command, settings, **ledger) : change(command, resolution, settings, **ledger, user));
}

}  // namespace sluice::app
