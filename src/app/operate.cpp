// status, show and the operator's work: over the socket where a process runs, on the ledger where none does.
#include <fmt/format.h>
#include <unistd.h>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdio>
#include <optional>
#include <thread>

#include "command_line.hpp"
#include "finish_task.hpp"
#include "in_doubt_files.hpp"
#include "machine.hpp"
#include "offline.hpp"
#include "settings_file.hpp"
#include "sluice/adapters/clock/system_clock.hpp"
#include "sluice/adapters/spool/lock.hpp"
#include "sluice/control/client.hpp"
#include "sluice/control/history.hpp"
#include "sluice/control/peer.hpp"
#include "sluice/control/resolution_json.hpp"
#include "sluice/control/views.hpp"
#include "spool_owner.hpp"

namespace sluice::app {

namespace {

constexpr auto kWatchEvery = std::chrono::seconds(1);
constexpr auto kNoSocketYet = std::chrono::seconds(3);  // a start takes some seconds a GB of ledger
constexpr auto kAskAgain = std::chrono::milliseconds(50);

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
  for (const auto& target : kTargets) {
    if (target.verb != command.verb) continue;
    const bool on_job = target.before == std::string_view("/jobs/");
    return {target.method, on_job ? target.before + job + target.after : std::string(target.before)};
  }
  return {};
}

Error why_not_offline(const config::Settings& settings) {
  return {ErrorKind::permission,
          fmt::format("no sluice process listens on {}. Without one only the user that sluice runs as can look: "
                      "`sudo -u sluice sluice ...`; {}/state is private",
                      socket_path(settings), settings.spool)};
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
    if (!last_try && adapters::spool::Lock::held_elsewhere(settings.spool)) {
      std::this_thread::sleep_for(kAskAgain);
      continue;
    }
    auto offline = answer_from_ledger(command, resolution, settings, user);
    if (offline || offline.error().kind != ErrorKind::busy) return offline;
    if (last_try) {
      return fail(ErrorKind::busy,
                  fmt::format("nothing was changed: a sluice process has this spool and does not listen on {}. It is "
                              "starting, stopping or recovering (or has another control.socket): try again in a moment",
                              socket_path(settings)));
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
  fmt::print(stderr, "{}\n(the process that runs was asked all the same: it has the settings it began with)\n",
             loaded.error().words);
  return live;
}

Result<std::string> words_of(const CommandLine& command, const std::string& json) {
  if (command.json) return json + "\n";
  if (command.verb == Verb::show) return control::job_text(json);
  if (command.verb == Verb::history) return control::history_text(json);
  if (command.verb != Verb::status) return control::said_text(json);
  const auto status = control::parse_status(json);
  if (!status) return std::unexpected(status.error());
  return control::status_text(*status, ::isatty(STDOUT_FILENO) == 1);
}

/// Never an exit code of a job: whoever watches takes anything but 0 and 1 for "not running".
int print_health(const CommandLine& command, const Result<config::Loaded>& loaded) {
  constexpr int kNotRunning = 2;
  const auto json = answer(command, loaded);
  const auto status = json ? control::parse_status(*json) : std::unexpected(json.error());
  if (!status) {
    fmt::print(stderr, "{}\n", status.error().words);
    return kNotRunning;
  }
  const auto health = control::health_of(*status);
  fmt::print("{}", health.words);
  return output_arrived() ? health.exit : kExitOutput;
}

int print_once(const CommandLine& command, const Result<config::Loaded>& loaded) {
  const auto json = answer(command, loaded);
  const auto words = json ? words_of(command, *json) : json;
  if (!words) {
    fmt::print(stderr, "{}\n", words.error().words);
    return exit_code_of(words.error());
  }
  fmt::print("{}", *words);
  return output_arrived() ? 0 : kExitOutput;
}

}  // namespace

int operate(const CommandLine& command, const Result<config::Loaded>& loaded) {
  if (command.health) return print_health(command, loaded);
  if (!command.watch) return print_once(command, loaded);
  const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  while (true) {
    if (terminal) fmt::print("\x1b[H\x1b[2J");
    if (const int exit = print_once(command, loaded); exit != 0) return exit;
    std::this_thread::sleep_for(kWatchEvery);
  }
}

}  // namespace sluice::app
