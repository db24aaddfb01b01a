// status, show and the operator's work: over the socket where a process runs, on the ledger where none does.
#include <fmt/format.h>
#include <unistd.h>
#include <boost/asio/io_context.hpp>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <exception>
#include <optional>
#include <thread>

#include "commands.hpp"
#include "exit_code.hpp"
#include "machine.hpp"
#include "offline.hpp"
#include "sluice/adapters/spool/lock.hpp"
#include "sluice/control/client.hpp"
#include "sluice/control/views.hpp"

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
    {Verb::show, "GET", "/jobs/", ""},
    {Verb::hold, "POST", "/jobs/", "/hold"},
    {Verb::release, "POST", "/jobs/", "/release"},
    {Verb::cancel, "POST", "/jobs/", "/cancel"},
    {Verb::pause, "POST", "/pause", ""},
    {Verb::resume, "POST", "/resume", ""},
};

std::pair<std::string, std::string> request_of(const CommandLine& command) {
  if (command.verb == Verb::status) return {"GET", "/status"};
  const auto job = to_string(command.job);
  if (command.verb == Verb::resolve) {
    return {"POST", fmt::format("/jobs/{}/resolve/{}", job, command.applied ? "applied" : "not-applied")};
  }
  for (const auto& target : kTargets) {
    if (target.verb != command.verb) continue;
    const bool on_job = target.before == std::string_view("/jobs/");
    return {target.method, on_job ? target.before + job + target.after : std::string(target.before)};
  }
  return {};
}

std::optional<Error> why_not_offline(const config::Settings& settings) {
  if (::access((settings.spool + "/state").c_str(), X_OK) == 0 || errno != EACCES) return std::nullopt;
  return Error{ErrorKind::permission,
               fmt::format("no sluice process listens on {}. Without one only the user that sluice runs as can look: "
                           "`sudo -u sluice sluice ...`; {}/state is private",
                           socket_path(settings), settings.spool)};
}

/// The answer's JSON, from the process that runs, or from the ledger. A process that starts or stops has the spool
/// already, or still, and no socket: it is waited for.
Result<std::string> answer(const CommandLine& command, const config::Settings& settings) {
  const auto [method, target] = request_of(command);
  const auto until = std::chrono::steady_clock::now() + kNoSocketYet;
  while (true) {
    auto live = control::ask(socket_path(settings), method, target);
    if (live || live.error().kind != ErrorKind::missing) return live;
    const bool last_try = std::chrono::steady_clock::now() >= until;
    if (!last_try && adapters::spool::Lock::held_elsewhere(settings.spool)) {
      std::this_thread::sleep_for(kAskAgain);
      continue;
    }
    if (auto private_to_sluice = why_not_offline(settings)) return std::unexpected(std::move(*private_to_sluice));
    auto offline = answer_offline(command, settings);
    if (offline || offline.error().kind != ErrorKind::busy) return offline;
    if (last_try) {
      return fail(ErrorKind::busy,
                  fmt::format("nothing was changed: a sluice process has this spool and does not listen on {}. It is "
                              "starting, stopping or recovering (or has another control.socket): try again in a moment",
                              socket_path(settings)));
    }
  }
}

Result<std::string> words_of(const CommandLine& command, const std::string& json) {
  if (command.verb == Verb::status) return control::status_text(json, ::isatty(STDOUT_FILENO) == 1);
  if (command.verb == Verb::show) return control::job_text(json);
  return control::said_text(json);
}

int print_once(const CommandLine& command, const config::Settings& settings) {
  const auto json = answer(command, settings);
  if (!json) {
    fmt::print(stderr, "{}\n", json.error().words);
    return exit_code_of(json.error());
  }
  const auto words = command.json ? Result<std::string>(*json + "\n") : words_of(command, *json);
  fmt::print("{}", words ? *words : words.error().words + "\n");
  std::fflush(stdout);
  return words ? 0 : exit_code_of(words.error());
}

}  // namespace

int operate(const CommandLine& command, const config::Settings& settings) {
  if (!command.watch) return print_once(command, settings);
  const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  while (true) {
    if (terminal) fmt::print("\x1b[H\x1b[2J");
    if (const int exit = print_once(command, settings); exit != 0) return exit;
    std::this_thread::sleep_for(kWatchEvery);
  }
}

}  // namespace sluice::app
