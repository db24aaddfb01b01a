#pragma once

#include <list>
#include <memory>
#include <string>

#include "sluice/pipeline/engine.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/ports/task_group.hpp"

namespace sluice::control::web {

/// The live picture for those who look at it now, made once for all of them: when the engine says that it is another
/// one, at most forty times a second. While nobody looks, nothing listens and nothing wakes.
class EventHub {
 public:
  /// Both outlive it, and the executor.
  EventHub(boost::asio::any_io_executor executor, pipeline::Engine& engine, ports::Clock& clock);
  ~EventHub();

  /// One who looks, for as long as it lives; the hub outlives it.
  class Listener {
   public:
    explicit Listener(EventHub& hub);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    /// The picture's JSON, when it is another one than this listener saw last; null: not until then, or the hub stops.
    ports::Task<std::shared_ptr<const std::string>> next(Boottime until);

   private:
    friend class EventHub;
    EventHub& hub_;
    std::unique_ptr<ports::Clock::Timer> timer_;
    std::shared_ptr<const std::string> seen_;
    std::list<Listener*>::iterator place_;
  };

  std::size_t listeners() const { return listeners_.size(); }
  bool stopped() const { return stopping_; }
  /// Whoever waits returns.
  void stop();

 private:
  void begin();
  ports::Task<void> run();
  /// How long to wait for a change that nothing announces: a rate that sinks, an ETA that moves.
  Nanos look();
  void changed();

  pipeline::Engine& engine_;
  ports::Clock& clock_;
  std::unique_ptr<ports::Clock::Timer> due_;
  std::list<Listener*> listeners_;
  std::shared_ptr<const std::string> current_;
  std::string compared_;  ///< what of it tells one picture from another
  bool dirty_ = false;
  bool resting_ = false;  ///< between two pictures: a change is noted, and wakes nobody
  bool running_ = false;
  bool stopping_ = false;
  ports::TaskGroup tasks_;  ///< last: it uses all of the above
};

/// What GET /v1/status answers, and each event's data: at most the first hundred jobs, how many there are, and the last
/// seconds in which requests started or ended.
std::string live_json(pipeline::Status status, const std::vector<pipeline::RateSecond>& seconds);
/// As GET /v1/rate has it.
std::string rate_json(const std::vector<pipeline::RateSecond>& seconds);

}  // namespace sluice::control::web
