#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "after_answer.hpp"
#include "attempt_protocol.hpp"
#include "fitting.hpp"
#include "scheduler.hpp"
#include "settlement.hpp"
#include "sluice/pipeline/rate_history.hpp"
#include "sluice/ports/upstream.hpp"

namespace sluice::pipeline {

/// One batch on its way, from being chosen to being settled or put back. Carries out the steps of AttemptProtocol, each
/// of which may say "not now"; until the bytes leave, the batch then waits again as if nothing had been.
class Attempt {
 public:
  /// What all attempts of a sender share, and it owns.
  struct Shared {
    Fitting& fitting;
    Settlement& settlement;
    DayCap& day_cap;
    KeysElsewhere& elsewhere;
    RequestMeters& meters;
    RateHistory& rates;
    std::function<void()> wake;  ///< the scheduler may find something else to do
  };
  Attempt(const Sending& sending, const Shared& shared, Scheduler::Choice choice)
      : parts_(sending), shared_(shared), choice_(std::move(choice)) {}

  /// To the end. Afterwards the batch is settled, or waits again in its job; where we are cut, the ledger alone has it.
  ports::Task<void> run();

 private:
  ports::Task<Event> carry_out(Step step);
  ports::Task<Event> fit();
  ports::Task<Event> read();
  Event take_keys();
  ports::Task<Event> judge();
  ports::Task<Event> compare();
  ports::Task<Event> connect();
  ports::Task<Event> announce();
  std::optional<ports::CountFirstSends> first_sends() const;
  ports::Task<Event> take_slot();
  ports::Task<Event> post();
  ports::Task<Event> settle();
  ports::Task<Event> withdraw();
  ports::Task<Event> give_up();
  Event put_back();

  void leave_queue();
  void heed(const Exchanged& exchanged);
  bool may_go_on() const;
  bool may_go_again() const;
  bool holds_lease() const;
  bool in_doubt_by_now() const;
  bool overtakes() const;
  ports::Batch& batch() { return choice_.waiting.batch; }
  const ports::Batch& batch() const { return choice_.waiting.batch; }

  const Sending& parts_;
  const Shared& shared_;
  Scheduler::Choice choice_;
  AttemptProtocol protocol_;
  std::vector<orders::Order> orders_;
  std::string body_;
  std::uint64_t judged_by_ = 0;                ///< SharedFacts::edition()
  std::optional<std::uint64_t> doubts_known_;  ///< Doubts::changes() when they were held against its orders
  std::unique_ptr<ports::Connection> connection_;
  std::optional<ports::Batch> before_announce_;
  std::optional<ports::CountFirstSends> counted_;  ///< with the announcement
  SlotQueue::Taken slot_;
  std::optional<Exchanged> exchanged_;
};

}  // namespace sluice::pipeline
