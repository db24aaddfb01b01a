// status, show and the operator's work: over the socket where a process runs, on the ledger where none does.
#include <fmt/format.h>
#include <unistd.h>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "command_line.hpp"
#include "finish_task.hpp"
#include "in_doubt_files.hpp"
#include "language.hpp"
#include "ledger_to_look.hpp"
#include "machine.hpp"
#include "offline_change.hpp"
#include "settings_file.hpp"
#include "sluice/adapters/clock/system_clock.hpp"
#include "sluice/adapters/spool/lock.hpp"
#include "sluice/base/error.hpp"
#include "sluice/config/settings.hpp"
#include "sluice/control/client.hpp"
#include "sluice/control/find.hpp"
#include "sluice/control/history.hpp"
#include "sluice/control/peer.hpp"
#include "sluice/control/resolution_json.hpp"
#include "sluice/control/views.hpp"
#include "sluice/pipeline/operator_command.hpp"
#include "sluice/pipeline/still_picture.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/text/words/operating.hpp"
#include "spool_owner.hpp"
#include "terminal.hpp"

namespace sluice::app {

namespace {

namespace words = text::words;
using ports::Task;

constexpr auto kWatchEvery = std::chrono::seconds(1);
constexpr auto kNoSocketYet = std::chrono::seconds(10);  // a start takes some seconds a GB of ledger
constexpr auto kAskAgain = std::chrono::milliseconds(50);

WallTime wall_now() {
  return std::chrono::floor<Millis>(std::chrono::system_clock::now());
}

Task<Result<std::string>> look(CommandLine command, const config::Settings& settings, ports::Ledger& ledger,
                               adapters::postgresql::Others others) {
  if (command.verb == Verb::show) {
    const auto at = std::ranges::find(others.jobs, command.job, [](const auto& one) { return one.job.id; });
    const auto host = at == others.jobs.end() ? "" : at->host;
    co_return co_await control::job_answer(ledger, command.job, wall_now(), host);
  }
  if (command.verb == Verb::history) {
    std::vector<ports::JobHeader> elsewhere;
    for (auto& one : others.jobs) elsewhere.push_back(std::move(one.job));
    co_return co_await control::history_answer(
        ledger, {.since = since(command.since, wall_now()), .name = command.name}, std::move(elsewhere));
  }
  if (command.verb == Verb::find) co_return co_await control::find_answer(ledger, command.id, wall_now());
  auto status = co_await pipeline::still_picture(ledger, settings, wall_now());
  if (!status) co_return std::unexpected(status.error());
  pipeline::add_hosts(*status, others.hosts, others.jobs);
  const bool worked = adapters::spool::Lock::held_elsewhere(settings.spool, config::spool_host(settings));
  status->note = worked ? words::process_silent() : words::nobody_works();
  for (auto& job : status->jobs) {
    if (!worked && job.held.empty()) job.waits = words::no_process_runs();
  }
  co_return control::status_json(*status);
}

/// status, show, hold, release, cancel, resolve, pause and resume where no process runs: looks at the ledger, or takes
/// the spool's lock and changes it. The same JSON as the process would answer. `resolution`: what `resolve` says;
/// `user`: who says so. Kind `busy`: a process does run, and does not answer.
Result<std::string> answer_offline(const CommandLine& command, const pipeline::Resolution& resolution,
                                   const config::Settings& settings, const std::string& user) {
  const bool looks = command.verb >= Verb::status && command.verb <= Verb::find;
  if (!looks) return change_offline(command, resolution, settings, user);
  boost::asio::io_context io{1};
  if (!settings.ledger.postgresql.empty()) {
    auto account = account_to_look(settings);
    if (!account) return std::unexpected(account.error());
    return finish(io, look(command, settings, *account->ledger, account->others));
  }
  const auto ledger = ledger_to_look(settings);
  if (ledger) return finish(io, look(command, settings, **ledger, {}));
  if (ledger.error().kind != ErrorKind::missing) return std::unexpected(ledger.error());
  return std::unexpected(no_ledger(settings));
}

struct Target {
  Verb verb;
  const char* method;
  const char* before;
  const char* after;
};
constexpr Target kTargets[] = {
    {Verb::status, "GET", "/status", ""},        {Verb::show, "GET", "/jobs/", ""},
    {Verb::hold, "POST", "/jobs/", "/hold"},     {Verb::release, "POST", "/jobs/", "/release"},
    {Verb::cancel, "POST", "/jobs/", "/cancel"}, {Verb::pause, "POST", "/pause", ""},
    {Verb::resume, "POST", "/resume", ""},
};

control::HistoryFilter filter_of(const CommandLine& command) {
  return {.since = since(command.since, std::chrono::floor<Millis>(std::chrono::system_clock::now())),
          .name = command.name};
}

control::Request request_of(const CommandLine& command, const pipeline::Resolution& resolution) {
  const auto job = to_string(command.job);
  if (command.verb == Verb::resolve) {
    return {"POST", fmt::format("/jobs/{}/resolve", job), control::resolution_json(resolution)};
  }
  if (command.verb == Verb::history) return {"POST", "/history", control::history_filter_json(filter_of(command))};
  if (command.verb == Verb::find) return {"POST", "/find", control::find_json(command.id)};
  for (const auto& target : kTargets) {
    if (target.verb != command.verb) continue;
    const bool on_job = target.before == std::string_view("/jobs/");
    return {target.method, on_job ? target.before + job + target.after : std::string(target.before)};
  }
  return {};
}

Error why_not_offline(const config::Settings& settings) {
  return {ErrorKind::permission, words::why_not_offline(socket_path(settings), settings.spool)};
}

/// What a command says, besides its name.
Result<pipeline::Resolution> resolution_of(const CommandLine& command) {
  pipeline::Resolution resolution{.job = command.job, .all = command.applied, .by_hash = {}, .force = command.force};
  if (command.looked_up.empty()) return resolution;
  boost::asio::io_context io{1};
  const auto clock = adapters::clock::system_clock(io.get_executor());
  if (!clock) return std::unexpected(clock.error());
  auto answers = finish(io, read_looked_up(command.looked_up, command.job, **clock));
  if (!answers) return std::unexpected(answers.error());
  resolution.by_hash = std::move(*answers);
  return resolution;
}

Result<std::string> ask(const CommandLine& command, const pipeline::Resolution& resolution,
                        const config::Settings& settings) {
  const auto socket = socket_path(settings);
  return control::ask(socket, request_of(command, resolution), owner_of(settings.spool, socket));
}

/// From the ledger, as the spool's owner; in the caller's name.
Result<std::string> answer_from_ledger(const CommandLine& command, const pipeline::Resolution& resolution,
                                       const config::Settings& settings, const std::string& user) {
  if (may_not_enter_state(settings.spool)) return std::unexpected(why_not_offline(settings));
  if (auto became = become_owner(settings.spool); !became) return std::unexpected(became.error());
  return answer_offline(command, resolution, settings, user);
}

/// The answer's JSON, from the process that runs, or from the ledger. A process that starts or stops has the spool
/// already, or still, and no socket: it is waited for. One that ends while it is asked is asked again, which harms
/// nothing: no command does more when it comes twice.
Result<std::string> answer(const CommandLine& command, const pipeline::Resolution& resolution,
                           const config::Settings& settings) {
  const auto user = control::user_name(::getuid());
  const auto until = std::chrono::steady_clock::now() + kNoSocketYet;
  while (true) {
    auto live = ask(command, resolution, settings);
    const bool last_try = std::chrono::steady_clock::now() >= until;
    if (!live && live.error().kind == ErrorKind::network && !last_try) continue;
    if (live || live.error().kind != ErrorKind::missing) return live;
    if (!last_try && adapters::spool::Lock::held_elsewhere(settings.spool, config::spool_host(settings))) {
      std::this_thread::sleep_for(kAskAgain);
      continue;
    }
    auto offline = answer_from_ledger(command, resolution, settings, user);
    if (offline || offline.error().kind != ErrorKind::busy) return offline;
    if (last_try) {
      return fail(ErrorKind::busy, words::process_busy(socket_path(settings)));
    }
  }
}

/// With settings that are wrong only the process that runs can be asked: it has those it began with.
Result<std::string> answer(const CommandLine& command, const Result<config::Loaded>& loaded) {
  const auto resolution = resolution_of(command);
  if (!resolution) return std::unexpected(resolution.error());
  if (loaded) return answer(command, *resolution, loaded->settings);
  const auto reach = reach_by(command.config_path);
  config::Settings settings;
  settings.spool = reach.spool;
  settings.control.socket = reach.socket;
  auto live = ask(command, *resolution, settings);
  if (!live && live.error().kind == ErrorKind::missing) return std::unexpected(loaded.error());
  tell(stderr, command.language, loaded.error().words);
  tell(stderr, command.language, words::asked_all_the_same());
  return live;
}

Result<std::string> words_of(const CommandLine& command, const std::string& json) {
  if (command.json) return json + "\n";
  if (command.verb == Verb::show) return control::job_text(json, command.language);
  if (command.verb == Verb::history) return control::history_text(json, command.language);
  if (command.verb == Verb::find) return control::find_text(json, command.language);
  if (command.verb != Verb::status) return control::said_text(json, command.language);
  const auto status = control::parse_status(json);
  if (!status) return std::unexpected(status.error());
  return control::status_text(*status, wants_color(), command.language);
}

/// Never an exit code of a job: whoever watches takes anything but 0 and 1 for "not running".
int print_health(const CommandLine& command, const Result<config::Loaded>& loaded) {
  constexpr int kNotRunning = 2;
  const auto json = answer(command, loaded);
  const auto status = json ? control::parse_status(*json) : std::unexpected(json.error());
  if (!status) {
    tell(stderr, command.language, status.error().words);
    return kNotRunning;
  }
  const auto health = control::health_of(*status, command.language);
  fmt::print("{}", health.words);
  return output_arrived() ? health.exit : kExitOutput;
}

int complain(const CommandLine& command, const Error& error) {
  tell(stderr, command.language, error.words);
  return exit_code_of(error);
}

Result<std::string> picture(const CommandLine& command, const Result<config::Loaded>& loaded) {
  const auto json = answer(command, loaded);
  return json ? words_of(command, *json) : json;
}

int print_once(const CommandLine& command, const Result<config::Loaded>& loaded) {
  const auto said = picture(command, loaded);
  if (!said) return complain(command, said.error());
  fmt::print("{}", *said);
  return output_arrived() ? 0 : kExitOutput;
}

/// Until there is nothing to show or nobody to show it to.
int keep_printing(const CommandLine& command, const Result<config::Loaded>& loaded) {
  const auto kind = command.json ? Screen::Kind::one_after_the_other : Screen::Kind::in_place;
  std::optional<Screen> screen;  // not before there is something to show
  while (true) {
    const auto said = picture(command, loaded);
    if (!said) {
      screen.reset();
      return complain(command, said.error());
    }
    if (!screen) screen.emplace(command.language, kind);
    if (!screen->draw(*said)) return kExitOutput;
    screen->wait(kWatchEvery);
  }
}

}  // namespace

int operate(const CommandLine& command, const Result<config::Loaded>& loaded) {
  if (command.health) return print_health(command, loaded);
  return command.watch ? keep_printing(command, loaded) : print_once(command, loaded);
}

}  // namespace sluice::app
