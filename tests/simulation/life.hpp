#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

#include "random.hpp"
#include "sluice/ports/clock.hpp"
#include "timeline.hpp"
#include "trace.hpp"

namespace sluice::simulation {

/// One process, from its start to its exit or crash. Every port call is one or more steps; a crash falls on a step, and
/// from then on nothing the old process does has any effect: calls are swallowed, and who waits is never resumed.
class Life {
 public:
  /// `crash_at`: the number of the step on which it dies; 0: never.
  Life(Timeline& timeline, boost::asio::any_io_executor executor, Random random, Trace& trace, std::uint64_t crash_at,
       Owner owner = Owner::process)
      : timeline_(timeline),
        executor_(std::move(executor)),
        random_(random),
        trace_(trace),
        owner_(owner),
        crash_at_(crash_at) {}

  /// One step further; false: the process is dead and the step does not happen.
  bool step(std::string_view what);
  bool dead() const { return dead_; }
  void die() { dead_ = true; }
  void spare() { crash_at_ = 0; }  ///< no crash any more
  void doom(std::uint64_t crash_at) { crash_at_ = crash_at; }
  std::uint64_t steps() const { return steps_; }

  Owner owner() const { return owner_; }
  /// It stands still until then (SIGSTOP, a machine that is frozen): nothing of it goes on, while the world does.
  void stall(Nanos until) { stalled_until_ = until; }
  bool stalled() const { return timeline_.now() < stalled_until_; }
  /// Has it done now, or as soon as the process goes on. Dropped when it dies before.
  void when_running(Timeline::Action action);

  /// Suspends for `delay`. A step before and one after it; never returns in a dead process (its coroutine is unwound).
  ports::Task<void> pass(Nanos delay, std::string_view what);

  Timeline& timeline() { return timeline_; }
  Nanos now() const { return timeline_.now(); }
  const boost::asio::any_io_executor& executor() const { return executor_; }
  Random& random() { return random_; }
  Trace& trace() { return trace_; }

 private:
  Timeline& timeline_;
  boost::asio::any_io_executor executor_;
  Random random_;
  Trace& trace_;
  Owner owner_;
  std::uint64_t crash_at_;
  std::uint64_t steps_ = 0;
  Nanos stalled_until_{0};
  bool dead_ = false;
};

/// A place where one coroutine waits for a time or for a ring. Destroyed only when nobody waits.
class Bell {
 public:
  explicit Bell(Life& life) : life_(life) {}
  Bell(const Bell&) = delete;
  Bell& operator=(const Bell&) = delete;

  /// Returns at `until` (Timeline::kForever: never by itself), or on ring(), also one since the last wait.
  ports::Task<void> wait(Nanos until);
  void ring();

 private:
  Life& life_;
  std::optional<Timeline::Key> waiting_;
  bool rung_ = false;
};

}  // namespace sluice::simulation
