#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sluice/base/error.hpp"
#include "sluice/base/time.hpp"
#include "sluice/config/settings.hpp"
#include "sluice/orders/answer.hpp"
#include "sluice/pipeline/status.hpp"

namespace sluice::pipeline {

/// Whether requests may start at all: pauses, the brake of an outage, and probes (docs/api.md, "What each answer means"
/// and "The brake"). Plain state: events in, permission out; time comes in as an argument.
class Line {
 public:
  explicit Line(const config::Settings& settings) : settings_(settings) {}

  /// A request may start now: the line is open, or a probe is due and none is under way.
  bool may_start(Boottime now) const;
  /// When may_start() can become true by itself (never: Boottime::max()).
  Boottime next_chance() const;
  bool open() const { return !operator_ && !trouble_; }
  /// A request starts although the line is paused; its answer decides.
  void probe_started() { probing_ = probe_goes_on_ = !open(); }
  /// The probe ended: with an answer, or without one (turned away, nothing to send). Nothing else ends it.
  void probe_ended() { probing_ = false; }
  /// A probe is under way, and the pause is still the one it is to try.
  bool probing() const { return probing_ && probe_goes_on_ && !operator_; }

  /// Events. `started`: when the request's slot was taken; what began before a pause doesn't end it.
  void usable_answer(Boottime started, Boottime now);
  void ambiguous_answer(Boottime started, Boottime now, WallTime wall, const std::string& words);
  void refused_line(orders::AnswerClass what, Boottime started, Boottime now, WallTime wall, const std::string& words);
  void unreachable(const Error& error, Boottime now, WallTime wall, std::uint64_t random);
  void reachable();

  /// The operator's own pause; outlives a restart (the caller notes it in the ledger).
  void set_operator_pause(bool paused, WallTime wall);
  bool operator_paused() const { return operator_; }
  /// A reload or `resume`: what can be ended by trying again is ended.
  void try_again();
  /// A new credential is in force: ends a pause for the old one, and no answer to what was sent with that begins
  /// another.
  void new_credential(Boottime now);

  /// The brake is on: ambiguous answers cost no attempt until `retry.outage` is over.
  bool braking(Boottime now) const;
  /// The last usable answer, if there was one.
  std::optional<Boottime> last_usable() const { return last_usable_; }

  Pause pause() const;
  std::string words() const;
  std::optional<WallTime> since() const;

 private:
  struct Trouble {
    Pause kind = Pause::outage;
    bool by_connecting = false;  ///< a connection that succeeds is enough to end it
    std::string words;
    WallTime wall{};
    Boottime since{};
    Boottime next_probe{};
    std::uint32_t probes = 0;
  };
  void begin(Trouble trouble);
  Nanos probe_delay(std::uint32_t probes, std::uint64_t random) const;

  const config::Settings& settings_;
  bool operator_ = false;
  WallTime operator_since_{};
  std::optional<Trouble> trouble_;
  bool probing_ = false;
  Boottime credential_since_ = Boottime::min();
  bool probe_goes_on_ = false;  ///< no other pause has begun since it started
  std::uint32_t ambiguous_running_ = 0;
  std::optional<Boottime> last_usable_;
};

}  // namespace sluice::pipeline
