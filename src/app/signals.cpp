#include "signals.hpp"

#include <spdlog/spdlog.h>

#include <csignal>
#include <utility>

#include "logging.hpp"
#include "service_manager.hpp"
#include "settings_file.hpp"

namespace sluice::app {

Signals::Signals(Machine& machine, std::string config_path)
    : machine_(machine), config_path_(std::move(config_path)), signals_(machine.io, SIGTERM, SIGINT, SIGHUP) {
  wait();
}

void Signals::wait() {
  signals_.async_wait([this](const boost::system::error_code& error, int signal) {
    if (error) return;
    if (signal == SIGHUP) {
      reload();
    } else {
      told_to_stop_ = true;
      spdlog::info("stopping: what is in flight finishes first");
      tell_stopping();
      machine_.engine->stop();
    }
    wait();
  });
}

void Signals::reload() {
  tell_reloading();
  if (const auto done = take_over(); !done) spdlog::error("reload: {}; the settings in force stay", done.error().words);
  tell_ready();
}

Result<void> Signals::take_over() {
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

}  // namespace sluice::app
