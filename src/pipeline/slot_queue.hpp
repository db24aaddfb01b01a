#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sluice/base/time.hpp"
#include "sluice/orders/answer.hpp"
#include "sluice/pacing/gate.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/ports/gate_store.hpp"

namespace sluice::pipeline {

/// The one queue to the one pace. First come, first served; every request takes a slot here, retries and probes too.
class SlotQueue {
 public:
  using Ticket = std::uint64_t;  ///< a slot taken, until answered() or broken()
  enum class Turn : std::uint8_t { granted, stale, turned_away };
  struct Taken {
    Turn turn = Turn::turned_away;
    Ticket ticket = 0;
    Boottime start{};
  };

  SlotQueue(ports::Clock& clock, ports::GateStore& store);

  /// Waits for a slot. Nothing may stand between its return and the first byte. stale: `usable` said no when its turn
  /// came (no slot was taken). turned_away: see turn_away(). `usable` is asked right before a slot is taken.
  ports::Task<Taken> take(std::function<bool()> usable);
  /// Nobody who waits now gets a slot: the line has paused, or we stop.
  void turn_away();

  /// The request's last byte was handed over.
  void written(Ticket ticket);
  /// The peer's TCP acknowledged it, at least so long ago: it arrived there, and will soon where it is counted.
  void acknowledged(Ticket ticket, Nanos ago);
  /// Its answer was received: proof of arrival.
  void answered(Ticket ticket);
  /// It failed or was cut: it may still arrive for a while.
  void broken(Ticket ticket);

  /// Anchors what was written long enough ago and saves what has waited; returns when there is something to tend next.
  Boottime tend();
  /// Saves what was to be saved with the next slot: none follows.
  void flush();
  /// Requests are under way, the answers to which will be settled.
  bool awaits_answers() const { return !flights_.empty(); }
  /// When the `ahead`-th slot from now is due at the earliest.
  Boottime due(std::uint32_t ahead);

  enum class Heard : std::uint8_t {
    nothing,
    wait,       ///< a Retry-After: the gate has closed, and those who wait were turned away
    slow_down,  ///< the same, by an answer that says that we were too fast
  };
  /// What an answer to a request that started then means for the pace.
  Heard heed(const orders::Answer& answer, Boottime started, Nanos max_delay);
  /// Asked to slow down, by the answer to a request that started then. Closes for what the answer asks for; where it
  /// asks for nothing, for 2 s, 4 s, 8 s … up to `max_delay`, each time that a request finds it closed still.
  void throttled(Boottime started, std::optional<Nanos> asked, Nanos max_delay);
  /// A 503 to a request that started then: if usable answers follow, it was refused for its pace (nginx's limit_req
  /// with a page of somebody's own), and the spacing is widened; nothing is closed.
  void suspect(Boottime started) { suspected_ = started; }
  void clean(Boottime started);

  double widening() const { return seen_.widening; }
  Boottime closed_until() const { return seen_.closed_until; }
  /// Why no slot can be taken (the gate's file fails); empty: all is well.
  const std::string& trouble() const { return trouble_; }
  /// Slots a second that this process took in the last 10 s (or since the first of them, if it has just begun; at
  /// paces below one in 10 s, in the last gap). Never above the configured rate, because no slots come faster.
  double recent_rate() const;

 private:
  struct Waiter {
    std::function<bool()> usable;
    std::unique_ptr<ports::Clock::Timer> timer;
    std::optional<Taken> taken;  ///< what was decided
  };
  struct Flight {
    enum class Stage : std::uint8_t {
      under_way,  ///< its request is being written
      written,    ///< unless its answer comes sooner, its window counts from `arrived`
      anchored,   ///< its window counts from a moment that is settled
    };
    pacing::Slot slot;
    Stage stage = Stage::under_way;
    Boottime written{};
    Boottime arrived{};  ///< by then, as far as is known
  };

  /// Hands slots to those in front; returns when to ask again.
  Boottime grant();
  void decide(Taken taken);
  void anchor(Flight& flight, Boottime at);
  bool update(const std::function<void(pacing::GateState&, std::uint32_t)>& change);
  /// Changes the state with the next update, which comes at `by` at the latest, or when the store can; never forgets.
  void post(std::function<void(pacing::GateState&)> change, Boottime by);
  bool save();
  Boottime next_anchor() const;
  Nanos gap() const;
  Nanos recent_window() const;

  ports::Clock& clock_;
  ports::GateStore& store_;
  pacing::Pace seen_;        ///< as of the last update
  Boottime window_until_{};  ///< the same: no slot before, whoever takes it
  std::deque<Waiter*> waiting_;
  std::map<Ticket, Flight> flights_;
  /// Changes that the store was too busy to take, or that are to be saved with the next slot.
  std::vector<std::function<void(pacing::GateState&)>> unsaved_;
  Boottime save_by_ = Boottime::max();
  std::deque<Boottime> recent_;
  std::optional<Boottime> suspected_;
  Nanos last_pause_{0};  ///< of this closure, where no answer asks for one; 0: it is over
  std::string trouble_;
  Ticket last_ = 0;
};

}  // namespace sluice::pipeline
