#pragma once

#include <deque>
#include <memory>

#include "events.hpp"
#include "sluice/config/settings.hpp"
#include "sluice/pipeline/engine.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::app {

/// Runs notify.command for what happens. It only looks at the engine's picture and at the ledger, and is never waited
/// for: a command that hangs delays other events, and no order.
class Notifier {
 public:
  /// All outlive it. A reload changes the settings in place.
  Notifier(const config::Settings& settings, const pipeline::Engine& engine, ports::Ledger& ledger,
           ports::Clock& clock);

  /// Looks once a second where there is a command, until finish(); then once more.
  ports::Task<void> watch();
  /// Delivers one event after the other, until finish() and nothing is left or half a minute is over.
  ports::Task<void> deliver();
  /// The settings may name a command now.
  void reloaded();
  void finish();

 private:
  ports::Task<void> look();
  ports::Task<void> deliver_one(Event event, WallTime at);
  void add(Event event, WallTime at);

  struct Due {
    Event event;
    WallTime at;
  };
  const config::Settings& settings_;
  const pipeline::Engine& engine_;
  ports::Ledger& ledger_;
  ports::Clock& clock_;
  std::unique_ptr<ports::Clock::Timer> looking_;
  std::unique_ptr<ports::Clock::Timer> delivering_;
  std::unique_ptr<ports::Clock::Timer> again_;  ///< until a failed command is tried again
  LineWatch line_;
  std::uint64_t jobs_seen_ = 0;
  std::deque<Due> due_;
  std::uint64_t dropped_ = 0;
  enum class Phase : std::uint8_t { at_work, last_look, only_delivers } phase_ = Phase::at_work;
  Boottime give_up_at_ = Boottime::max();
};

}  // namespace sluice::app
