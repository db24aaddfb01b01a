#pragma once

#include <memory>
#include <string>

#include "sluice/config/settings.hpp"
#include "sluice/pipeline/engine.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/text/sentence.hpp"

namespace sluice::app {

/// Notifications to the service manager (sd_notify(3)); nothing where there is none.
void tell_ready();
void tell_stopping();
void tell_reloading();
/// Before READY=1: the start waits, and for what.
void tell_waiting(text::Lang language, const std::string& why);

/// The picture in one line, as `systemctl status` shows it: what stands still comes first, then the jobs.
std::string status_line(const pipeline::Status& status, text::Lang language = text::Lang::en);

/// Keeps STATUS= true while the engine works.
class StatusKeeper {
 public:
  /// All outlive it.
  StatusKeeper(const config::Settings& settings, const pipeline::Engine& engine, ports::Clock& clock);
  /// Until stop(). Also sees to it that the log's last lines get out after its reader stalled.
  ports::Task<void> run();
  void stop();

 private:
  const config::Settings& settings_;  ///< in force: a reload may change its language
  const pipeline::Engine& engine_;
  ports::Clock& clock_;
  std::unique_ptr<ports::Clock::Timer> timer_;
  bool stopping_ = false;
};

}  // namespace sluice::app
