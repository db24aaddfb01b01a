#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>

#include "sluice/base/time.hpp"

namespace sluice::simulation {

/// Whom an event dies with.
enum class Owner : std::uint8_t {
  world,    ///< goes on through a crash: requests on their way, people, the weather
  process,  ///< dropped, not run, when the process dies; of several processes, the first one's
};
/// Whose the events of one of several processes are.
constexpr Owner owner_of(std::size_t process) {
  return static_cast<Owner>(static_cast<std::size_t>(Owner::process) + process);
}

/// Virtual time: events in order of their time, then of their making. Time stands still while anything runs.
class Timeline {
 public:
  using Action = std::move_only_function<void()>;
  struct Key {
    Nanos at{};
    std::uint64_t sequence = 0;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  static constexpr Nanos kForever = Nanos::max();

  Nanos now() const { return now_; }

  /// A time already past means now. kForever: only when expedited.
  Key at(Nanos when, Owner owner, Action action);
  /// Makes an event due now. It must still be there.
  void expedite(Key key);
  /// Jumps to the next event not after `limit` and runs it; false: there is none.
  bool run_next(Nanos limit);
  /// Destroys all events of the process without running them.
  void drop_process(Owner owner = Owner::process);

 private:
  struct Event {
    Owner owner;
    Action action;
  };
  std::map<Key, Event> events_;
  Nanos now_{0};
  std::uint64_t sequence_ = 0;
};

}  // namespace sluice::simulation
