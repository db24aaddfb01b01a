// status, show and the operator's work: over the socket where a process runs, on the ledger where none does.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <thread>

#include "commands.hpp"
#include "exit_code.hpp"
#include "machine.hpp"
#include "offline.hpp"
#include "output.hpp"
#include "settings_file.hpp"
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
    {Verb::status, "GET", "/status", ""},        {Verb::show, "GET", "/jobs/", ""},
    {Verb::hold, "POST", "/jobs/", "/hold"},     {Verb::release, "POST", "/jobs/", "/release"},
    {Verb::cancel, "POST", "/jobs/", "/cancel"}, {Verb::pause, "POST", "/pause", ""},
    {Verb::resume, "POST", "/resume", ""},
};

control::Request request_of(const CommandLine& command) {
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

/// Who may be believed on the socket, besides root: whoever owns the spool, or else the folder of the socket.
uid_t owner_of(const std::string& spool, const std::string& socket) {
  struct stat about{};
  if (::stat(spool.c_str(), &about) == 0) return about.st_uid;
  const auto folder = std::filesystem::path(socket).parent_path();
  return ::stat(folder.c_str(), &about) == 0 ? about.st_uid : 0;
}

std::optional<Error> why_not_offline(const config::Settings& settings) {
  if (::access((settings.spool + "/state").c_str(), X_OK) == 0 || errno != EACCES) return std::nullopt;
  return Error{ErrorKind::permission,
               fmt::format("no sluice process listens on {}. Without one only the user that sluice runs as can look: "
                           "`sudo -u sluice sluice ...`; {}/state is private",
                           socket_path(settings), settings.spool)};
}

Result<std::string> ask(const CommandLine& command, const config::Settings& settings) {
  const auto socket = socket_path(settings);
  return control::ask(socket, request_of(command), owner_of(settings.spool, socket));
}

/// The answer's JSON, from the process that runs, or from the ledger. A process that starts or stops has the spool
/// already, or still, and no socket: it is waited for. One that ends while it is asked is asked again, which harms
/// nothing: no command does more when it comes twice.
Result<std::string> answer(const CommandLine& command, const config::Settings& settings) {
  const auto until = std::chrono::steady_clock::now() + kNoSocketYet;
  while (true) {
    auto live = ask(command, settings);
    const bool last_try = std::chrono::steady_clock::now() >= until;
    if (!live && live.error().kind == ErrorKind::network && !last_try) continue;
    if (live || live.error().kind != ErrorKind::missing) return live;
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

/// With settings that are wrong only the process that runs can be asked: it has those it began with.
Result<std::string> answer(const CommandLine& command, const Result<config::Loaded>& loaded) {
  if (loaded) return answer(command, loaded->settings);
  const auto reach = reach_by(command.config_path);
  config::Settings settings;
  settings.spool = reach.spool;
  settings.control.socket = reach.socket;
  auto live = ask(command, settings);
  if (!live && live.error().kind == ErrorKind::missing) return std::unexpected(loaded.error());
  fmt::print(stderr, "{}\n(the process that runs was asked all the same: it has the settings it began with)\n",
             loaded.error().words);
  return live;
}

Result<std::string> words_of(const CommandLine& command, const std::string& json) {
  if (command.json) return json + "\n";
  if (command.verb == Verb::show) return control::job_text(json);
  if (command.verb != Verb::status) return control::said_text(json);
  const auto status = control::parse_status(json);
  if (!status) return std::unexpected(status.error());
  return control::status_text(*status, ::isatty(STDOUT_FILENO) == 1);
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
  if (!command.watch) return print_once(command, loaded);
  const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  while (true) {
    if (terminal) fmt::print("\x1b[H\x1b[2J");
    if (const int exit = print_once(command, loaded); exit != 0) return exit;
    std::this_thread::sleep_for(kWatchEvery);
  }
}

}  // namespace sluice::app
