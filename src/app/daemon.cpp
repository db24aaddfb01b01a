// `run` and `drain`: the machine, its signals, and what the service manager is told.
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <ctime>
#include <exception>
#include <optional>

#include "sluice/app/commands.hpp"
#include "sluice/app/exit_code.hpp"
#include "sluice/app/logging.hpp"
#include "sluice/app/machine.hpp"
#include "sluice/app/settings_file.hpp"
#include "sluice/control/server.hpp"

namespace sluice::app {

namespace {

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

/// Runs the engine to its end on this thread.
int work(Machine& machine, ports::Task<Result<int>> task, const std::string& config_path) {
  auto server =
      control::Server::open(machine.io.get_executor(), socket_path(machine.settings), *machine.engine, *machine.ledger);
  if (!server) return leave(server.error());
  Signals signals(machine, config_path);
  std::optional<Result<int>> result;
  boost::asio::co_spawn(machine.io, std::move(task), [&](const std::exception_ptr& thrown, Result<int> r) {
    if (thrown) std::rethrow_exception(thrown);
    result = std::move(r);
    signals.end();
    (*server)->stop();
    machine.upstream->cut();
  });
  ::sd_notify(0, "READY=1");
  machine.io.run();
  return *result ? **result : leave(result->error());
}

Result<std::unique_ptr<Machine>> begin(config::Settings settings) {
  std::signal(SIGPIPE, SIG_IGN);
  set_up_logging(settings);
  if (!settings.control.metrics.empty()) {
    spdlog::warn("control.metrics is set, but this version serves no metrics");
  }
  return build_machine(std::move(settings));
}

}  // namespace

int run_daemon(const CommandLine& command, config::Settings settings) {
  auto machine = begin(std::move(settings));
  if (!machine) return leave(machine.error());
  spdlog::info("sluice works {}; drop files into its inbox/", (*machine)->settings.spool);
  return work(**machine, (*machine)->engine->run(), command.config_path);
}

int drain(const CommandLine& command, config::Settings settings) {
  auto machine = begin(std::move(settings));
  if (!machine) return leave(machine.error());
  const int exit = work(**machine, (*machine)->engine->drain(command.within), command.config_path);
  spdlog::info("drained: exit {}", exit);
  return exit;
}

}  // namespace sluice::app
