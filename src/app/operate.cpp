// status, show and the operator's work: over the socket where a process runs, on the ledger where none does.
#include <fmt/format.h>
#include <unistd.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdio>
#include <exception>
#include <thread>

#include "sluice/app/commands.hpp"
#include "sluice/app/exit_code.hpp"
#include "sluice/app/machine.hpp"
#include "sluice/app/offline.hpp"
#include "sluice/control/client.hpp"
#include "sluice/control/views.hpp"

namespace sluice::app {

namespace {

constexpr auto kWatchEvery = std::chrono::seconds(1);

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

/// The answer's JSON, from the process that runs, or from the ledger.
Result<std::string> answer(const CommandLine& command, const config::Settings& settings) {
  const auto [method, target] = request_of(command);
  auto live = control::ask(socket_path(settings), method, target);
  if (live || live.error().kind != ErrorKind::missing) return live;
  return answer_offline(command, settings);
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
