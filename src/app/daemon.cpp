// `run` and `drain`: the machine, what speaks to the outside while it works, and how it ended.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>

#include <algorithm>
#include <csignal>
#include <exception>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "command_line.hpp"
#include "drain_report.hpp"
#include "finish_task.hpp"
#include "language.hpp"
#include "logging.hpp"
#include "machine.hpp"
#include "notifier.hpp"
#include "service_manager.hpp"
#include "settings_file.hpp"
#include "sluice/control/metrics.hpp"
#include "sluice/control/server.hpp"
#include "sluice/control/web.hpp"
#include "sluice/ports/task_group.hpp"
#include "sluice/text/words/events.hpp"
#include "spool_owner.hpp"

namespace sluice::app {

namespace {

namespace words = text::words;

constexpr auto kLookForRoom = std::chrono::seconds(2);

/// SIGTERM and SIGINT stop, SIGHUP reloads; the second of the first two does nothing more.
class Signals {
 public:
  /// The machine outlives it. `reloaded` is called when settings were taken over.
  Signals(Machine& machine, std::string config_path, std::function<void()> reloaded);
  void end() { signals_.cancel(); }
  bool stop_requested() const { return stop_requested_; }

 private:
  void wait();
  void reload();
  Result<void> take_over();

  Machine& machine_;
  std::string config_path_;
  std::function<void()> reloaded_;
  boost::asio::signal_set signals_;
  bool stop_requested_ = false;
};

Signals::Signals(Machine& machine, std::string config_path, std::function<void()> reloaded)
    : machine_(machine),
      config_path_(std::move(config_path)),
      reloaded_(std::move(reloaded)),
      signals_(machine.io, SIGTERM, SIGINT, SIGHUP) {
  wait();
}

void Signals::wait() {
  signals_.async_wait([this](const boost::system::error_code& error, int signal) {
    if (error) return;
    if (signal == SIGHUP) {
      reload();
    } else {
      stop_requested_ = true;
      spdlog::info("{}", words::stopping_now());
      tell_stopping();
      machine_.engine->stop();
    }
    wait();
  });
}

void Signals::reload() {
  tell_reloading();
  if (const auto done = take_over(); !done) spdlog::error("{}", words::reload_refused(done.error().words));
  tell_ready();
}

Result<void> Signals::take_over() {
  auto loaded = load_settings(config_path_);
  if (!loaded) return std::unexpected(loaded.error());
  auto& settings = loaded->settings;
  for (const auto& key : config::needs_restart(machine_.settings, settings)) {
    spdlog::warn("{}", words::reload_needs_restart(key));
  }
  if (auto done = machine_.upstream->reconfigure(settings.upstream); !done) return done;
  settings.spool = machine_.settings.spool;
  settings.rate = machine_.settings.rate;
  settings.control = machine_.settings.control;
  machine_.settings = settings;
  machine_.spool->reload(settings.inbox);
  set_up_logging(settings);
  machine_.engine->reload(settings);
  reloaded_();
  spdlog::info("{}", words::reload_done(config_path_));
  return {};
}

/// By exit code (docs/contract.md, Exit codes).
constexpr text::Sentence<0> kDrained[] = {words::drained_all, words::drained_some, words::drained_rejected,
                                          words::drained_unfinished};

int leave(const Error& error) {
  spdlog::error("{}", words::sluice_ends(error.words));
  return exit_code_of_work(error);
}

/// What Asio and the thread library throw while things are made: there are no descriptors, or no threads.
template <class Make>
auto made(Make make) -> decltype(make()) {
  try {
    return make();
  } catch (const std::runtime_error& error) {
    return fail(ErrorKind::no_handles, words::cannot_begin(error.what()));
  }
}

/// What speaks to the outside while the engine works, in the order it is made.
struct Doors {
  explicit Doors(Machine& machine)
      : status(machine.settings, *machine.engine, *machine.clock),
        notifier(machine.settings, *machine.engine, *machine.ledger, *machine.clock),
        tasks(machine.io.get_executor(), *machine.clock) {}

  std::unique_ptr<Signals> signals;                 ///< stop and reload
  std::unique_ptr<control::Web> web;                ///< the page, where the settings ask for it
  std::unique_ptr<control::Server> server;          ///< status and the operator's commands
  std::unique_ptr<control::MetricsServer> metrics;  ///< where the settings ask for it
  StatusKeeper status;                              ///< what the service manager shows
  Notifier notifier;                                ///< tells people
  ports::TaskGroup tasks;                           ///< last: the keeper's own
};

Result<std::unique_ptr<Doors>> open_doors(Machine& machine, const std::string& config_path) {
  auto doors = std::make_unique<Doors>(machine);
  doors->signals =
      std::make_unique<Signals>(machine, config_path, [&notifier = doors->notifier] { notifier.reloaded(); });
  if (const auto& address = machine.settings.control.metrics; !address.empty()) {
    auto metrics = control::MetricsServer::open(machine.io.get_executor(), address, *machine.engine, *machine.clock);
    if (!metrics) return std::unexpected(metrics.error());
    doors->metrics = std::move(*metrics);
  }
  auto web = control::Web::open(
      machine.io.get_executor(),
      {.engine = *machine.engine, .ledger = *machine.ledger, .clock = *machine.clock, .settings = machine.settings});
  if (!web) return std::unexpected(web.error());
  doors->web = std::move(*web);
  auto server = control::Server::open(machine.io.get_executor(), socket_path(machine.settings), *machine.engine,
                                      *machine.ledger, *machine.clock, {}, doors->web.get());
  if (!server) return std::unexpected(server.error());
  doors->server = std::move(*server);
  if (doors->metrics) doors->metrics->start();
  doors->web->start();
  return doors;
}

/// How the engine ended, and whether a signal ended it.
struct Worked {
  int exit = 0;
  bool stop_requested = false;
};

/// Runs the engine to its end on this thread; what was opened for it is closed, and joined by the executor's run.
Worked work(Machine& machine, ports::Task<Result<int>> task, const std::string& config_path) {
  const auto opened = made([&] { return open_doors(machine, config_path); });
  if (!opened) return {.exit = leave(opened.error())};
  auto& doors = **opened;
  std::optional<Result<int>> result;
  boost::asio::co_spawn(machine.io, std::move(task), [&](const std::exception_ptr& thrown, Result<int> r) {
    if (thrown) std::rethrow_exception(thrown);
    result = std::move(r);
    doors.signals->end();
    doors.server->stop();
    doors.web->stop();
    if (doors.metrics) doors.metrics->stop();
    doors.status.stop();
    doors.notifier.finish();
    machine.upstream->cut();
  });
  doors.tasks.spawn(doors.status.run());
  doors.tasks.spawn(doors.notifier.watch());
  doors.tasks.spawn(doors.notifier.deliver());
  tell_ready();
  machine.io.restart();  // see finish_task.hpp
  machine.io.run();
  return {.exit = *result ? **result : leave(result->error()), .stop_requested = doors.signals->stop_requested()};
}

Result<std::unique_ptr<Machine>> begin(const std::string& config_path, config::Settings settings) {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file at its size limit is a full disk (EFBIG), not the end
  set_up_logging(settings);
  if (auto sound = check_modes(config_path, settings); !sound) return std::unexpected(sound.error());
  if (auto became = become_owner(settings.spool); !became) return std::unexpected(became.error());
  return made([&] { return build_machine(std::move(settings)); });
}

/// After a reboot the disk may be full, and a daemon that leaves with 78 is not started again: it waits for room.
/// Null: a stop was asked for.
std::optional<Result<std::unique_ptr<Machine>>> begin_patiently(const std::string& config_path,
                                                                const config::Settings& settings) {
  auto machine = begin(config_path, settings);
  const auto lacks_room = [&] { return !machine && machine.error().kind == ErrorKind::no_space; };
  if (!lacks_room()) return machine;
  std::signal(SIGHUP, SIG_IGN);  // no settings are in force yet
  boost::asio::io_context io{1};
  boost::asio::signal_set signals(io, SIGTERM, SIGINT);
  bool stop_requested = false;
  signals.async_wait([&](const boost::system::error_code& error, int) { stop_requested = !error; });
  std::string why;
  while (lacks_room()) {
    if (why != machine.error().words) spdlog::error("{}", words::begins_not_before(machine.error().words));
    why = machine.error().words;
    tell_waiting(language_of(settings.language), why);
    io.run_for(kLookForRoom);
    if (stop_requested) return std::nullopt;
    machine = begin(config_path, settings);
  }
  return machine;
}

}  // namespace

int run_daemon(const CommandLine& command, const config::Settings& settings) {
  auto ready = begin_patiently(command.config_path, settings);
  if (!ready) return 0;
  auto& machine = *ready;
  if (!machine) return leave(machine.error());
  spdlog::info("{}", words::works_spool((*machine)->settings.spool));
  return work(**machine, (*machine)->engine->run(), command.config_path).exit;
}

/// What it came to, for the log.
void tell_drained(const Machine& machine, Worked worked) {
  if (worked.exit == kExitUnfinished && worked.stop_requested) {
    spdlog::info("{}", words::drain_stopped(worked.exit));
  } else if (worked.exit < static_cast<int>(std::size(kDrained))) {
    const auto left = machine.engine->status().waiting;
    const auto in_inbox = left.empty() ? "" : words::left_in_inbox(fmt::format("{}", fmt::join(left, "; ")));
    spdlog::info("{}", words::drained(kDrained[worked.exit](), in_inbox, worked.exit));
  }
}

/// What it came to, for cron's mail.
void print_report(Machine& machine, text::Lang language) {
  const auto status = machine.engine->status();
  auto ended = finish(machine.io, machine.ledger->ended_jobs(status.meters.jobs_done + status.meters.jobs_rejected));
  if (!ended) return;  // the log has said what is wrong with the ledger
  std::ranges::reverse(*ended);
  fmt::print(stderr, "{}", drain_report(status, *ended, language));
}

int drain(const CommandLine& command, config::Settings settings) {
  if (command.quiet) settings.log.level = config::LogLevel::error;
  auto machine = begin(command.config_path, std::move(settings));
  if (!machine) return leave(machine.error());
  const auto worked = work(**machine, (*machine)->engine->drain(command.within), command.config_path);
  tell_drained(**machine, worked);
  if (command.quiet && worked.exit <= kExitUnfinished) print_report(**machine, command.language);
  return worked.exit;
}

}  // namespace sluice::app
