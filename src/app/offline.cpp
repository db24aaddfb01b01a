#include "offline.hpp"

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>

#include <filesystem>

#include "finish_task.hpp"
#include "machine.hpp"
#include "sluice/adapters/ledger/ledger.hpp"
#include "sluice/adapters/ledger/options.hpp"
#include "sluice/adapters/spool/lock.hpp"
#include "sluice/control/views.hpp"
#include "sluice/pipeline/ended_jobs.hpp"
#include "sluice/pipeline/operator_command.hpp"
#include "sluice/text/shown.hpp"
#include "used_numbers.hpp"

namespace sluice::app {

namespace {

using ports::Task;

WallTime wall_now() {
  return std::chrono::floor<Millis>(std::chrono::system_clock::now());
}

constexpr const char* kNobody = "no sluice process works this spool: `sluice run`, or `sluice drain`";
constexpr const char* kNextTime = " (no sluice process runs now: the next `sluice run` or `sluice drain` acts on it)";
constexpr const char* kSilent =
    "a sluice process has this spool, but is starting, stopping or recovering: this is what the ledger says";

pipeline::JobStatus still_picture(const ports::JobHeader& job, bool worked) {
  pipeline::JobStatus status{.id = job.id,
                             .name = text::shown(job.name, 80),
                             .state = job.state,
                             .service = job.service ? std::string(orders::service(job.service).name) : "",
                             .rows = job.rows,
                             .counts = job.counts,
                             .requests = job.requests,
                             .eta = {},
                             .held = job.hold_words,
                             .waits = worked || job.hold != ports::Hold::none ? "" : "no sluice process runs"};
  status.unsettled = job.rows - job.counts.total();
  return status;
}

Task<Result<std::string>> look(CommandLine command, const config::Settings& settings, ports::Ledger& ledger) {
  if (command.verb == Verb::show) {
    const auto job = co_await ledger.job(command.job);
    if (!job) co_return std::unexpected(job.error());
    if (!*job) co_return fail(ErrorKind::missing, fmt::format("no job {}", to_string(command.job)));
    const auto note = co_await ledger.note(pipeline::resolved_key(command.job));
    if (!note) co_return std::unexpected(note.error());
    co_return control::job_json(**job, pipeline::doubts_words(**job, *note, wall_now()));
  }
  const auto jobs = co_await ledger.open_jobs();
  if (!jobs) co_return std::unexpected(jobs.error());
  const auto paused = co_await ledger.note("paused");
  if (!paused) co_return std::unexpected(paused.error());
  pipeline::Status status;
  status.at = wall_now();
  const bool worked = adapters::spool::Lock::held_elsewhere(settings.spool);
  status.note = worked ? kSilent : kNobody;
  status.rate = settings.rate.requests * 1000.0 / static_cast<double>(settings.rate.per.count());
  if (!paused->empty()) {
    status.pause = pipeline::Pause::by_operator;
    status.pause_words = "paused by the operator; `sluice resume` goes on";
  }
  for (const auto& job : *jobs) status.jobs.push_back(still_picture(job, worked));
  pipeline::EndedJobs ended;
  if (auto loaded = co_await ended.load(ledger, status.at); !loaded) co_return std::unexpected(loaded.error());
  ended.add_to(status, status.at);
  co_return control::status_json(status);
}

pipeline::Command command_of(const CommandLine& command) {
  switch (command.verb) {
    case Verb::release:
      return pipeline::Command::release;
    case Verb::cancel:
      return pipeline::Command::cancel;
    case Verb::resolve:
      return command.applied ? pipeline::Command::resolve_applied : pipeline::Command::resolve_not_applied;
    default:
      return pipeline::Command::hold;
  }
}

Task<Result<std::string>> change(CommandLine command, const config::Settings& settings, ports::Ledger& ledger) {
  std::vector<ports::Change> changes;
  std::string words;
  if (command.verb == Verb::pause || command.verb == Verb::resume) {
    const auto before = co_await ledger.note("paused");
    if (!before) co_return std::unexpected(before.error());
    const bool paused = command.verb == Verb::pause;
    const bool was_paused = !before->empty();
    changes.emplace_back(ports::PutNote{"paused", paused ? "by the operator" : ""});
    words = paused ? pipeline::paused_words(was_paused) : pipeline::resumed_words(was_paused, "");
    if (!paused && was_paused) words += kNextTime;
  } else {
    auto job = co_await ledger.job(command.job);
    if (!job) co_return std::unexpected(job.error());
    if (!*job) co_return fail(ErrorKind::missing, fmt::format("no job {}", to_string(command.job)));
    if (command.verb == Verb::resolve) {
      if (auto why = pipeline::why_not_resolvable(**job)) co_return fail(ErrorKind::usage, std::move(*why));
      changes.emplace_back(ports::DropDoubts{command.job});
      changes.emplace_back(
          ports::PutNote{pipeline::resolved_key(command.job), pipeline::resolved_note(command.applied, wall_now())});
      words = pipeline::resolved_words(command.job, command.applied);
    } else {
      auto said = pipeline::change_header(command_of(command), **job, settings.upstream.base_url);
      if (!said) co_return said;
      words = std::move(*said);
      if (command.verb != Verb::hold) words += kNextTime;
      changes.emplace_back(ports::PutHold{**job});
    }
  }
  const auto done = co_await ledger.commit(std::move(changes));
  if (!done) co_return std::unexpected(done.error());
  co_return control::said_json(words);
}

}  // namespace

Result<std::string> answer_offline(const CommandLine& command, const config::Settings& settings) {
  const bool looks = command.verb == Verb::status || command.verb == Verb::show;
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
  const bool lost = !std::filesystem::exists(path, ignored) && used_job_numbers(settings.spool) > 0;
  auto ledger = adapters::ledger::SqliteLedger::open(path, {.read_only = looks || lost});
  if (!ledger) {
    if (ledger.error().kind != ErrorKind::missing) return std::unexpected(ledger.error());
    return fail(ErrorKind::config,
                lost ? fmt::format("{} is missing, but this spool has had jobs: run `sluice recover`", path)
                     : fmt::format("{} is missing: no sluice has worked this spool yet (`sluice run` makes it)", path));
  }
  return finish(io, looks ? look(command, settings, **ledger) : change(command, settings, **ledger));
}

}  // namespace sluice::app
