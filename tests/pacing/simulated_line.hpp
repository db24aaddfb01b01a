#pragma once

#include <algorithm>
#include <cstdint>
#include <queue>
#include <random>
#include <vector>

#include "sluice/pacing/gate.hpp"

namespace sluice::pacing::testing {

using namespace std::chrono_literals;

/// What stands between the processes and the server. All times are drawn evenly.
struct Network {
  Nanos path = 5ms;           ///< written to arrived, at least
  Nanos jitter = 0ms;         ///< and so much more at most
  Nanos answer = 5ms;         ///< arrived to answer read, at least
  Nanos answer_jitter = 0ms;  ///< and so much more at most
  Nanos writing = 0ms;        ///< slot to fully written, at most
  bool acknowledges = false;  ///< as soon as it arrives, a path back after that
  double cut = 0;             ///< share of requests whose connection breaks when they are written
};

/// What happens to the processes.
struct Fate {
  std::uint32_t processes = 1;
  Nanos life = 0s;     ///< a process dies about so often; 0: never
  Nanos noticed = 0s;  ///< its death is noticed so late at most
  Nanos reboot = 0s;   ///< all die and the state is lost about so often; 0: never
};

/// Processes that want to send all the time through one gate whose state goes through its file's bytes at every step,
/// and the network behind them; on one simulated clock.
class SimulatedLine {
 public:
  SimulatedLine(Rate rate, Network network, Fate fate, std::uint64_t seed)
      : rate_(rate), network_(network), fate_(fate), random_(seed), alive_(fate.processes, 1) {
    file_ = to_bytes(fresh(rate, "boot", kStart, false));
    for (std::uint32_t process = 0; process < fate.processes; ++process) begin(kStart, process);
    if (fate.reboot > 0s) at(kStart + about(fate.reboot), Kind::reboot, 0);
  }

  void run(Nanos time) {
    while (!events_.empty() && events_.top().at < kStart + time) {
      const Event event = events_.top();
      events_.pop();
      happen(event);
    }
    std::ranges::sort(arrivals);
  }

  std::vector<Nanos> starts;    ///< since the beginning, in order
  std::vector<Nanos> arrivals;  ///< sorted when run() returns

 private:
  static constexpr Boottime kStart{1000s};
  enum class Kind { ask, write, arrive, settle, die, bury, reboot };
  struct Event {
    Boottime at;
    Kind kind;
    std::uint32_t process;
    std::uint64_t life;  ///< of the process; an event of an earlier life is void
    Boottime arrives{};
    Slot slot{};
    Boottime anchor{};
    bool operator<(const Event& other) const { return at > other.at; }
  };

  Nanos upto(Nanos most) { return Nanos{std::uniform_int_distribution<std::int64_t>(0, most.count())(random_)}; }
  Nanos about(Nanos mean) { return mean / 2 + upto(mean); }
  void at(Boottime when, Kind kind, std::uint32_t process, Boottime arrives = {}, Slot slot = {},
          Boottime anchor = {}) {
    events_.push({when, kind, process, alive_[process], arrives, slot, anchor});
  }
  void begin(Boottime now, std::uint32_t process) {
    at(now, Kind::ask, process);
    if (fate_.life > 0s) at(now + about(fate_.life), Kind::die, process);
  }
  template <class Change>
  auto update(Change change) {
    GateState state = from_bytes(file_).value();
    auto result = change(state);
    file_ = to_bytes(state);
    return result;
  }

  void happen(const Event& event) {
    const Boottime now = event.at;
    if (event.kind != Kind::reboot && event.kind != Kind::arrive && event.life != alive_[event.process]) return;
    switch (event.kind) {
      case Kind::ask:
        return ask(now, event.process);
      case Kind::write:
        return at(event.arrives, Kind::arrive, event.process);
      case Kind::arrive:
        return arrivals.push_back(now - kStart);
      case Kind::settle:
        update([&](GateState& state) { return settle(state, event.slot, event.anchor), 0; });
        return;
      case Kind::die:
        ++alive_[event.process];
        return at(now + upto(fate_.noticed), Kind::bury, event.process);
      case Kind::bury:
        update([&](GateState& state) { return bury(state, event.process, now), 0; });
        return begin(now, event.process);
      case Kind::reboot:
        file_ = to_bytes(fresh(rate_, "boot", now, true));
        for (std::uint32_t process = 0; process < fate_.processes; ++process) {
          ++alive_[process];
          begin(now, process);
        }
        return at(now + about(fate_.reboot), Kind::reboot, 0);
    }
  }

  void ask(Boottime now, std::uint32_t process) {
    const Take taken = update([&](GateState& state) { return take(state, now, 1'000'000, process); });
    for (std::uint32_t i = 0; i < taken.slots; ++i) send(now, process, taken.slot);
    at(taken.slots > 0 ? now + 1us : taken.wait_until, Kind::ask, process);
  }

  void send(Boottime now, std::uint32_t process, Slot slot) {
    starts.push_back(now - kStart);
    // Bytes not yet handed over die with their process; the others are on their way, whatever becomes of it.
    const Boottime written = now + upto(network_.writing);
    const Boottime arrived = written + network_.path + upto(network_.jitter);
    at(written, Kind::write, process, arrived);
    if (std::bernoulli_distribution(network_.cut)(random_)) {
      return at(written, Kind::settle, process, {}, slot, written + kUnknownArrival);
    }
    const Boottime answered = arrived + network_.answer + upto(network_.answer_jitter);
    Boottime anchor = std::min(answered, written + kUnknownArrival);
    if (network_.acknowledges) anchor = std::min(anchor, arrived + network_.path + arrival_margin(Pace{}));
    at(anchor, Kind::settle, process, {}, slot, anchor);
  }

  Rate rate_;
  Network network_;
  Fate fate_;
  std::mt19937_64 random_;
  std::vector<std::uint64_t> alive_;
  std::string file_;
  std::priority_queue<Event> events_;
};

}  // namespace sluice::pacing::testing
