#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sluice/base/error.hpp"
#include "sluice/base/time.hpp"
#include "sluice/config/settings.hpp"
#include "sluice/orders/answer.hpp"
#include "sluice/pipeline/status.hpp"

namespace sluice::pipeline {

/// The circuit breaker: whether requests may start at all. It trips on an operator's pause, on answers that forbid to
/// go on, and on an outage (docs/api.md, "What each answer means" and "The brake"); then a probe at a time finds out
/// whether it may be reset. Plain state: events in, permission out; time comes in as an argument.
class Breaker {
 public:
  explicit Breaker(const config::Settings& settings) : settings_(settings) {}

  /// A request that finds out whether the breaker may be reset: under way while this lives. Outlived by the breaker.
  class Probe {
   public:
    Probe() = default;
    Probe(Probe&& from) noexcept : breaker_(std::exchange(from.breaker_, nullptr)) {}
    Probe& operator=(Probe&& from) noexcept;
    ~Probe();
    explicit operator bool() const { return breaker_ != nullptr; }

   private:
    friend class Breaker;
    explicit Probe(Breaker& breaker) : breaker_(&breaker) {}
    Breaker* breaker_ = nullptr;
  };

  /// A request may start now: it is not tripped, or a probe is due and none is under way.
  bool may_start(Boottime now) const;
  /// When may_start() can become true by itself (never: Boottime::max()).
  Boottime next_chance() const;
  bool tripped() const { return operator_since_ || trouble_; }
  /// Only where may_start() says so while it is tripped.
  [[nodiscard]] Probe probe();
  /// A probe is under way, and the pause is still the one it is to try.
  bool probing() const { return trial_ == Trial::under_way && !operator_since_; }

  /// What an answer to a batch means for all that is to be sent, by its class.
  void heed(const orders::Answer& answer, const ports::Batch& batch, Boottime started, Boottime now, WallTime wall);
  /// A batch was refused as a bad request. When nothing was ever answered usefully and it is the third different one,
  /// that is a schema's fault or a front end's, and no order's.
  void bad_request(const ports::Batch& batch, Boottime started, Boottime now, WallTime wall, const std::string& said);
  /// It has come to that.
  bool refuses_all() const { return refused_.size() >= kRefusesAll; }
  /// Events. `started`: when the request's slot was taken; what began before a pause doesn't end it.
  void usable_answer(Boottime started, Boottime now);
  void ambiguous_answer(Boottime started, Boottime now, WallTime wall, const std::string& said);
  void forbidding_answer(orders::AnswerClass what, Boottime started, Boottime now, WallTime wall,
                         const std::string& said);
  void unreachable(const Error& error, Boottime now, WallTime wall, std::uint64_t random);
  void reachable();

  /// The operator's own pause; outlives a restart (the caller notes it in the ledger).
  void set_operator_pause(bool paused, WallTime wall);
  bool operator_paused() const { return operator_since_.has_value(); }
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
  enum class Trial : std::uint8_t {
    none,       ///< no probe is under way
    under_way,  ///< one is
    overtaken,  ///< one is, but another pause has begun meanwhile, about which it proves nothing
  };
  enum class EndedBy : std::uint8_t {
    answer,      ///< to a request that began after it
    connection,  ///< one that succeeds is enough
  };
  struct Trouble {
    Pause kind = Pause::outage;
    EndedBy ended_by = EndedBy::answer;
    std::string words;
    WallTime wall{};
    Boottime since{};
    Boottime next_probe{};
    std::uint32_t probes = 0;
  };
  void begin(Trouble trouble);
  Nanos probe_delay(std::uint32_t probes, std::uint64_t random) const;

  const config::Settings& settings_;
  std::optional<WallTime> operator_since_;
  std::optional<Trouble> trouble_;
  Trial trial_ = Trial::none;
  Boottime credential_since_ = Boottime::min();
  static constexpr std::size_t kRefusesAll = 3;  // docs/api.md, What each answer means
  std::uint32_t ambiguous_running_ = 0;
  std::vector<ports::Batch> refused_;  ///< bad requests of different rows, while nothing was answered usefully
  std::optional<Boottime> last_usable_;
};

}  // namespace sluice::pipeline
