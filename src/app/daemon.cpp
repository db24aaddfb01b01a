// `run` and `drain`: the machine, its signals, and what the service manager is told.
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <ctime>
#include <exception>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>

#include "commands.hpp"
#include "exit_code.hpp"
#include "logging.hpp"
#include "machine.hpp"
#include "settings_file.hpp"
#include "sluice/control/server.hpp"

namespace sluice::app {

namespace {

constexpr auto kLookForRoom = std::chrono::seconds(2);

/// By exit code (docs/contract.md, Exit codes).
constexpr const char* kDrained[] = {"every order accepted, or nothing to do", "some orders were not accepted",
                                    "a file was rejected whole", "unfinished; what is left goes on the next time"};

/// SIGTERM and SIGINT stop, SIGHUP reloads; the second of the first two does nothing more.
class Signals {
 public:
  Signals(Machine& machine, std::string config_path)
      : machine_(machine), config_path_(std::move(config_path)), signals_(machine.io, SIGTERM, SIGINT, SIGHUP) {
    wait();
  }
  void end() { signals_.cancel(); }

 private:
  void wait() {
    signals_.async_wait([this](const boost::system::error_code& error, int signal) {
      if (error) return;
      if (signal == SIGHUP) {
        reload();
      } else {
        spdlog::info("stopping: what is in flight finishes first");
        ::sd_notify(0, "STOPPING=1");
        machine_.engine->stop();
      }
      wait();
    });
  }

  void reload() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    ::sd_notify(0, fmt::format("RELOADING=1\nMONOTONIC_USEC={}", now.tv_sec * 1'000'000 + now.tv_nsec / 1000).c_str());
    if (const auto done = take_over(); !done)
      spdlog::error("reload: {}; the settings in force stay", done.error().words);
    ::sd_notify(0, "READY=1");
  }

  Result<void> take_over() {
    auto loaded = load_settings(config_path_);
    if (!loaded) return std::unexpected(loaded.error());
    auto& settings = loaded->settings;
    for (const auto& key : config::needs_restart(machine_.settings, settings)) {
      spdlog::warn("reload: {} changes only with a restart", key);
    }
    if (auto done = machine_.upstream->reconfigure(settings.upstream); !done) return done;
    settings.spool = machine_.settings.spool;
    settings.rate = machine_.settings.rate;
    settings.control = machine_.settings.control;
    machine_.settings = settings;
    machine_.spool->reload(settings.inbox);
    set_up_logging(settings);
    machine_.engine->reload(settings);
    spdlog::info("reload: settings taken over from {}", config_path_);
    return {};
  }

  Machine& machine_;
  std::string config_path_;
  boost::asio::signal_set signals_;
};

int leave(const Error& error) {
  spdlog::error("{}", error.words);
  return exit_code_of(error);
}

/// What Asio and the thread library throw while things are made: there are no descriptors, or no threads.
template <class Make>
auto made(Make make) -> decltype(make()) {
  try {
    return make();
  } catch (const std::runtime_error& error) {
    return fail(
        ErrorKind::no_handles,
        fmt::format("cannot begin: {}; raise LimitNOFILE= (ulimit -n), or TasksMax= for threads", error.what()));
  }
}

/// What speaks to the outside while the engine works.
struct Doors {
  std::unique_ptr<control::Server> server;
  std::unique_ptr<Signals> signals;
};

Result<Doors> open_doors(Machine& machine, const std::string& config_path) {
  Doors doors{.server = nullptr, .signals = std::make_unique<Signals>(machine, config_path)};
  auto server =
      control::Server::open(machine.io.get_executor(), socket_path(machine.settings), *machine.engine, *machine.ledger);
  if (!server) return std::unexpected(server.error());
  doors.server = std::move(*server);
  return doors;
}

/// Runs the engine to its end on this thread.
int work(Machine& machine, ports::Task<Result<int>> task, const std::string& config_path) {
  const auto doors = made([&] { return open_doors(machine, config_path); });
  if (!doors) return leave(doors.error());
  std::optional<Result<int>> result;
  boost::asio::co_spawn(machine.io, std::move(task), [&](const std::exception_ptr& thrown, Result<int> r) {
    if (thrown) std::rethrow_exception(thrown);
    result = std::move(r);
    doors->signals->end();
    doors->server->stop();
    machine.upstream->cut();
  });
  ::sd_notify(0, "READY=1");
  machine.io.restart();  // see finish_task.hpp
  machine.io.run();
  return *result ? **result : leave(result->error());
}

Result<std::unique_ptr<Machine>> begin(config::Settings settings) {
  std::signal(SIGPIPE, SIG_IGN);
  set_up_logging(settings);
  if (!settings.control.metrics.empty()) {
    spdlog::warn("control.metrics is set, but this version serves no metrics");
  }
  return made([&] { return build_machine(std::move(settings)); });
}

/// After a reboot the disk may be full, and a daemon that leaves with 78 is not started again: it waits for room.
/// Nothing: it was told to stop.
std::optional<Result<std::unique_ptr<Machine>>> begin_patiently(const config::Settings& settings) {
  auto machine = begin(settings);
  const auto lacks_room = [&] { return !machine && machine.error().kind == ErrorKind::no_space; };
  if (!lacks_room()) return machine;
  std::signal(SIGHUP, SIG_IGN);  // no settings are in force yet
  boost::asio::io_context io{1};
  boost::asio::signal_set signals(io, SIGTERM, SIGINT);
  bool told_to_stop = false;
  signals.async_wait([&](const boost::system::error_code& error, int) { told_to_stop = !error; });
  std::string words;
  while (lacks_room()) {
    if (words != machine.error().words) spdlog::error("{}; nothing begins before", machine.error().words);
    words = machine.error().words;
    ::sd_notify(0, fmt::format("STATUS={}\nEXTEND_TIMEOUT_USEC=60000000", words).c_str());
    io.run_for(kLookForRoom);
    if (told_to_stop) return std::nullopt;
    machine = begin(settings);
  }
  return machine;
}

}  // namespace

int run_daemon(const CommandLine& command, const config::Settings& settings) {
  auto begun = begin_patiently(settings);
  if (!begun) return 0;
  auto& machine = *begun;
  if (!machine) return leave(machine.error());
  spdlog::info("sluice works {}; drop files into its inbox/", (*machine)->settings.spool);
  return work(**machine, (*machine)->engine->run(), command.config_path);
}

int drain(const CommandLine& command, config::Settings settings) {
  auto machine = begin(std::move(settings));
  if (!machine) return leave(machine.error());
  const int exit = work(**machine, (*machine)->engine->drain(command.within), command.config_path);
  if (exit < static_cast<int>(std::size(kDrained))) spdlog::info("drained: {} (exit {})", kDrained[exit], exit);
  return exit;
}

}  // namespace sluice::app
