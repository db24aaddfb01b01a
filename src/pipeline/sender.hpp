#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <functional>
#include <memory>

#include "adoption.hpp"
#include "attempt.hpp"
#include "scheduler.hpp"
#include "settlement.hpp"
#include "sluice/ports/task_group.hpp"
#include "sluice/ports/upstream.hpp"

namespace sluice::pipeline {

/// Sends what the jobs have planned: the only place where requests start (ARCHITECTURE.md, The life of a job). Puts the
/// parts together, each of which says what it does, and runs them.
class Sender {
 public:
  Sender(boost::asio::any_io_executor executor, Sending sending);

  /// Until a stop is asked for; then no request starts any more. What is in flight goes on: see join().
  ports::Task<void> run();
  /// Returns when nothing is in flight.
  ports::Task<void> join();
  /// Something may have become possible: a job, the breaker, a setting.
  void wake() { changed_->wake(); }
  /// Another host may have settled what holds back some of our orders.
  void others_changed() {
    elsewhere_.release_all();
    wake();
  }
  /// Those who wait for a slot get none: everything was paused, or a stop was asked for.
  void turn_away() { parts_.slots.turn_away(); }

  /// Adoption::adopt(), after which there may be something to send.
  ports::Task<Result<void>> adopt(Job& job);
  ports::Task<Result<void>> guard(Job& job) { return adoption_.guard(job); }
  ports::Task<Result<void>> settle_cancelled(Job& job) { return settlement_.settle_cancelled(job); }

  std::uint32_t in_flight() const { return static_cast<std::uint32_t>(attempts_.size()); }
  const RequestMeters& meters() const { return meters_; }
  const RateHistory& rates() const { return rates_; }
  /// The first sends of a UTC+8 day so far, for guard.max_orders_per_day.
  void set_day(std::uint32_t day, std::uint64_t orders) { day_cap_.begin(day, orders); }

 private:
  ports::Task<void> attempt(Scheduler::Choice choice);

  Sending parts_;
  std::unique_ptr<ports::Clock::Timer> changed_;
  RequestMeters meters_;
  RateHistory rates_;
  DayCap day_cap_;
  KeysElsewhere elsewhere_;
  Fitting fitting_;
  Settlement settlement_;
  Adoption adoption_;
  Scheduler scheduler_;
  Attempt::Shared shared_;
  ports::TaskGroup attempts_;  ///< last: they use all of the above
};

}  // namespace sluice::pipeline
