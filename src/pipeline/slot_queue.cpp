#include "slot_queue.hpp"
#include "sluice/text/words/line.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace sluice::pipeline {

namespace {
constexpr auto kAskAgain = std::chrono::milliseconds(1);        // another process has the lock this moment
constexpr auto kForeignAnchor = std::chrono::milliseconds(20);  // a slot of another process hangs: look again
constexpr auto kTroubled = std::chrono::seconds(1);
constexpr auto kSavedLate = std::chrono::milliseconds(100);  // at the most, to be saved together
constexpr auto kRecent = std::chrono::seconds(10);
constexpr auto kShortest = std::chrono::seconds(1);  // time that a rate is averaged over
}  // namespace

SlotQueue::SlotQueue(ports::Clock& clock, ports::GateStore& store) : clock_(clock), store_(store) {}

bool SlotQueue::update(const std::function<void(pacing::GateState&, std::uint32_t)>& change) {
  const auto done = store_.update([&](pacing::GateState& state, std::uint32_t participant) {
    // In their order, and before the new one: an anchor that is late would let a window begin too early (I5).
    for (const auto& earlier : unsaved_) earlier(state);
    change(state, participant);
    seen_ = state;
    window_until_ = pacing::window_until(state);
  });
  if (done) {
    unsaved_.clear();  // only now: a store may have read and changed its state, and then fail to write it
    save_by_ = Boottime::max();
    trouble_.clear();
    return true;
  }
  if (done.error().kind != ErrorKind::busy) {
    if (trouble_ != done.error().words) spdlog::error("{}", text::words::gate_stands(done.error().words));
    trouble_ = done.error().words;
  }
  return false;
}

bool SlotQueue::save() {
  return update([](pacing::GateState&, std::uint32_t) {});
}

void SlotQueue::flush() {
  if (!unsaved_.empty()) save();
}

void SlotQueue::post(std::function<void(pacing::GateState&)> change, Boottime by) {
  // Kept first, then tried: what the store can't take now goes with the next update, and is never forgotten.
  unsaved_.push_back(std::move(change));
  save_by_ = std::min(save_by_, by);
  if (save_by_ <= clock_.now()) save();
}

void SlotQueue::decide(Taken taken) {
  auto* waiter = waiting_.front();
  waiting_.pop_front();
  waiter->taken = taken;
  waiter->timer->wake();
}

Boottime SlotQueue::grant() {
  while (!waiting_.empty()) {
    std::uint32_t wanted = 0;
    for (auto* waiter : waiting_) {
      // Asked right before the slot is taken, since a connection that died while waiting would put its batch in doubt.
      if (!waiter->usable()) break;
      ++wanted;
    }
    if (wanted == 0) {
      // No slot was taken for it, so a stale connection costs the line nothing.
      decide({.turn = Turn::stale});
      continue;
    }
    tend();
    const auto now = clock_.now();
    // Whoever shares the gate can only make it later: not worth opening it for, if all is well with it.
    const auto later = std::max(pacing::too_early(seen_, now).value_or(now), window_until_);
    if (later > now && trouble_.empty()) return later;
    pacing::Take take;
    if (!update([&](pacing::GateState& state, std::uint32_t participant) {
          take = pacing::take(state, now, wanted, participant);
        })) {
      return now + (trouble_.empty() ? Nanos(kAskAgain) : Nanos(kTroubled));
    }
    if (take.slots == 0) {
      // Held up by somebody's open slot: ours, whose anchor we know, or another process's, of which nobody will tell
      // us.
      if (!take.waits_for_anchor) return take.wait_until;
      return std::max(take.wait_until, std::min(next_anchor(), now + kForeignAnchor));
    }
    for (std::uint32_t i = 0; i < take.slots; ++i) {
      // Before its waiter runs: an answer can't come for a ticket that is unknown.
      flights_.emplace(++last_, Flight{.slot = take.slot});
      recent_.push_back(now);
      decide({.turn = Turn::granted, .ticket = last_, .start = take.slot.start});
    }
    while (recent_.front() + recent_window() < now) recent_.pop_front();
  }
  return clock_.now() + std::chrono::hours(1);
}

ports::Task<SlotQueue::Taken> SlotQueue::take(std::function<bool()> usable) {
  Waiter me{.usable = std::move(usable), .timer = clock_.timer(), .taken = {}};
  waiting_.push_back(&me);
  struct Leave {
    std::deque<Waiter*>& waiting;
    Waiter* me;
    // Also when the coroutine is destroyed while it waits: the queue must hold no pointer to what is gone.
    ~Leave() { std::erase(waiting, me); }
  } leave{waiting_, &me};
  while (!me.taken) {
    const bool first = waiting_.front() == &me;
    const auto until = first ? grant() : clock_.now() + std::chrono::hours(1);
    if (!me.taken) co_await me.timer->wait(until);
  }
  // Whoever is first now is the one that asks for slots.
  if (!waiting_.empty()) waiting_.front()->timer->wake();
  co_return *me.taken;
}

void SlotQueue::turn_away() {
  while (!waiting_.empty()) decide({.turn = Turn::turned_away});
}

void SlotQueue::anchor(Flight& flight, Boottime at) {
  // Once only: a second anchor would move a window that others rely on.
  if (flight.stage == Flight::Stage::anchored) return;
  flight.stage = Flight::Stage::anchored;
  // The next slot is taken and this one settled in one update, if that comes soon. Until then it stands open, which is
  // the cautious reading for everybody else, and for whoever comes after a crash (I5).
  const auto now = clock_.now();
  const auto late = now + std::min<Nanos>(kSavedLate, seen_.rate.per / 4);
  post([slot = flight.slot, at](pacing::GateState& state) { pacing::settle(state, slot, at); },
       due(1) < late ? late : now);
}

void SlotQueue::written(Ticket ticket) {
  auto& flight = flights_.at(ticket);
  flight.stage = Flight::Stage::written;
  flight.written = clock_.now();
  flight.arrived = flight.written + pacing::kUnknownArrival;
}

void SlotQueue::acknowledged(Ticket ticket, Nanos ago) {
  auto& flight = flights_.at(ticket);
  if (flight.stage != Flight::Stage::written) return;
  // Whatever a kernel says of its past, nothing arrived before it was written.
  const auto at = std::max(clock_.now() - ago, flight.written);
  // Not anchored yet: the answer may come within the margin, and proves more.
  flight.arrived = std::min(flight.arrived, at + pacing::arrival_margin(seen_));
  if (!waiting_.empty()) waiting_.front()->timer->wake();
}

void SlotQueue::answered(Ticket ticket) {
  auto flight = flights_.extract(ticket);
  const auto now = clock_.now();
  const bool written = flight.mapped().stage == Flight::Stage::written;
  // The earlier of the two (docs/api.md, Limiters met in practice): a slow answer must not stretch the window, a fast
  // one proves the arrival.
  anchor(flight.mapped(), written ? std::min(now, flight.mapped().arrived) : now);
  if (!waiting_.empty()) waiting_.front()->timer->wake();
}

void SlotQueue::broken(Ticket ticket) {
  auto flight = flights_.extract(ticket);
  // The bytes may be anywhere on the way.
  anchor(flight.mapped(), clock_.now() + pacing::kUnknownArrival);
  if (!waiting_.empty()) waiting_.front()->timer->wake();
}

Boottime SlotQueue::next_anchor() const {
  auto next = Boottime::max();
  for (const auto& [ticket, flight] : flights_) {
    if (flight.stage == Flight::Stage::written) next = std::min(next, flight.arrived);
  }
  return next;
}

Boottime SlotQueue::tend() {
  const auto now = clock_.now();
  for (auto& [ticket, flight] : flights_) {
    if (flight.stage == Flight::Stage::written && flight.arrived <= now) anchor(flight, flight.arrived);
  }
  if (now >= save_by_ || !trouble_.empty()) {
    if (!save()) return now + (trouble_.empty() ? Nanos(kAskAgain) : Nanos(kTroubled));
  }
  return std::min(next_anchor(), save_by_);
}

Boottime SlotQueue::due(std::uint32_t ahead) {
  return std::max(pacing::due(seen_, clock_.now(), ahead), window_until_);
}

SlotQueue::Heard SlotQueue::heed(const orders::Answer& answer, Boottime started, Nanos max_delay) {
  using orders::AnswerClass;
  if (answer.what == AnswerClass::answered) {
    clean(started);
    return Heard::nothing;
  }
  if (answer.what == AnswerClass::ambiguous && answer.http_status == 503) suspect(started);
  // A Retry-After is honoured whatever it comes with: nothing starts before it is over, no probe either.
  const bool refused = answer.what == AnswerClass::throttled || answer.what == AnswerClass::throttled_maybe;
  if (!refused && !answer.retry_after) return Heard::nothing;
  throttled(started, answer.retry_after, max_delay);
  turn_away();
  return refused ? Heard::slow_down : Heard::wait;
}

void SlotQueue::throttled(Boottime started, std::optional<Nanos> asked, Nanos max_delay) {
  // What had started before it closed proves nothing new.
  if (!asked && started < seen_.closed_until) return;
  // Nobody said how long: each further refusal of one closure doubles it.
  if (!asked) last_pause_ = pacing::next_pause(last_pause_, max_delay);
  const auto pause = asked.value_or(last_pause_);
  const auto now = clock_.now();
  post([started, now, pause](pacing::GateState& state) { pacing::throttled(state, started, now, pause); }, now);
}

void SlotQueue::clean(Boottime started) {
  // An answer to what started after the closure ends it; the next one begins with a short pause again.
  if (started >= seen_.closed_until) last_pause_ = Nanos{0};
  // The 503 stood alone among good answers: a limiter that doesn't say so. An outage would have gone on.
  const auto now = clock_.now();
  if (suspected_) {
    post([suspect = *suspected_, now](pacing::GateState& state) { pacing::widen(state, suspect, now); }, now);
    suspected_.reset();
  }
  if (seen_.widening <= 1.0) return;
  post([started, now](pacing::GateState& state) { pacing::clean(state, started, now); }, now);
}

Nanos SlotQueue::gap() const {
  return seen_.rate.per / std::max<std::uint32_t>(1, seen_.rate.requests);
}

Nanos SlotQueue::recent_window() const {
  return std::max<Nanos>(kRecent, gap());
}

// Each slot fills the gap after it too: N slots that kept the limit are then never shown as more than the limit.
double SlotQueue::recent_rate() const {
  const auto now = clock_.now();
  const auto first = std::ranges::find_if(recent_, [&](Boottime t) { return t + recent_window() >= now; });
  if (first == recent_.end()) return 0;
  const std::chrono::duration<double> span = std::max<Nanos>(now - *first + gap(), kShortest);
  return static_cast<double>(recent_.end() - first) / span.count();
}

}  // namespace sluice::pipeline
