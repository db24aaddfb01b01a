#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "sluice/config/settings.hpp"
#include "sluice/pipeline/after_answer.hpp"
#include "sluice/pipeline/doubts.hpp"
#include "sluice/pipeline/gate.hpp"
#include "sluice/pipeline/job.hpp"
#include "sluice/pipeline/journal.hpp"
#include "sluice/pipeline/line.hpp"
#include "sluice/ports/task_group.hpp"
#include "sluice/ports/upstream.hpp"

namespace sluice::pipeline {

/// Takes batches from jobs in turn and carries each one through: connection, *sending* durable, slot, bytes, answer,
/// *answered* durable (ARCHITECTURE.md, Send). The only place where requests start.
class Sender {
 public:
  struct Parts {
    ports::Clock& clock;
    ports::Upstream& upstream;
    Journal& journal;
    Line& line;
    Gate& gate;
    BusyKeys& busy;
    Jobs& jobs;
    Doubts& doubts;
    const config::Settings& settings;
    const Stop& stop;
    std::function<BatchId()> next_batch;
  };
  Sender(boost::asio::any_io_executor executor, Parts parts);

  /// Until a stop is asked for; then no request starts any more. What is in flight goes on: see join().
  ports::Task<void> run();
  /// Returns when nothing is in flight.
  ports::Task<void> join() { return exchanges_.join(); }
  /// Something may have become possible: a job, a line, a setting.
  void wake();
  /// Those who wait for a slot get none: the line paused or a stop was asked for.
  void turn_away() { parts_.gate.turn_away(); }

  /// Takes over a job that is surveyed: after this its begun batches' keys are busy. `crashed` batches were found
  /// *sending*: what follows from that is committed here. Not resendable ones end in doubt.
  ports::Task<Result<void>> adopt(Job& job);
  /// Keeps busy the keys of what a job has begun and can't be taken up: its file is gone or was changed.
  ports::Task<Result<void>> guard(Job& job);
  /// Commits the end of everything that waits, after `cancel`. Only when nothing of the job is in flight.
  ports::Task<bool> settle_cancelled(Job& job);
  /// A hold that the pipeline itself puts on a job.
  ports::Task<void> hold(Job& job, ports::Hold why, std::string words);

  std::uint32_t in_flight() const { return static_cast<std::uint32_t>(exchanges_.size()); }
  std::uint64_t requests() const { return requests_; }
  std::uint64_t throttled() const { return throttled_; }
  /// The first sends of a UTC+8 day so far, for guard.max_orders_per_day.
  void set_day(std::uint32_t day, std::uint64_t orders);

 private:
  struct Choice {
    Job* job = nullptr;
    Waiting waiting;
    std::size_t most_rows = 0;  ///< take no more rows than that: a day's cap, a probe
    Boottime ask_again = Boottime::max();
  };
  struct Sent;                               // one batch on its way
  static constexpr std::size_t kPage = 256;  ///< batches asked of the ledger at a time

  // Choosing: sender_choice.cpp
  bool may_begin(Boottime now, Boottime& ask_again);
  Choice choose();
  bool choose_from(Job& job, Choice& choice);
  bool choose_started(Job& job, Choice& choice);
  bool choose_fresh(Job& job, Choice& choice);
  std::uint64_t room_today(Job& job, Choice& choice);
  void roll_day();
  void reserve_today(const Waiting& waiting, std::size_t most_rows);
  bool is_busy(const std::vector<std::uint64_t>& keys) const;
  ports::Task<void> refill();

  // One batch on its way: sender_exchange.cpp
  ports::Task<void> exchange(Job& job, Waiting waiting, std::size_t most_rows, bool probe);
  ports::Task<bool> make_ready(Sent& sent, std::size_t most_rows);
  ports::Task<bool> narrow(Sent& sent, std::size_t most_rows);
  ports::Task<bool> widen(Sent& sent);
  ports::Task<bool> read(Sent& sent);
  ports::Task<bool> judge_again(Sent& sent);
  bool may_go_again(const ports::Batch& batch) const;
  ports::Task<void> give_up(Sent& sent);
  bool take_keys(Sent& sent);
  ports::Task<bool> connect(Sent& sent);
  ports::Task<bool> announce(Sent& sent);
  ports::Task<bool> slot(Sent& sent);
  ports::Task<void> take_back(Sent& sent);
  ports::Task<Exchanged> post(Sent& sent);
  void give_back(Sent& sent);
  bool may_go_on(const Sent& sent) const;

  // What follows: sender_settle.cpp
  void tell_line(const Sent& sent, const Exchanged& exchanged);
  ports::Task<void> settle(Sent& sent, Exchanged exchanged);
  /// Commits what follows for a batch and releases its keys but for those of what waits; nullopt: it could not be (we
  /// are cut).
  ports::Task<std::optional<std::vector<Waiting>>> apply(Job& job, Waiting& before,
                                                         const std::vector<orders::Order>& orders,
                                                         Consequence consequence, std::uint64_t requests);
  std::vector<Waiting> take_over(Job& job, Waiting& before, const Consequence& consequence);
  ports::Task<bool> settle_waiting(Job& job, Waiting& waiting);
  void count_refusals(Job& job, const std::vector<records::RowResult>& settled);
  ports::Task<void> commit_behind(std::vector<ports::Change> changes);
  AfterAnswer context(const Job& job, const Waiting& waiting) const;

  // What was begun before: sender_adopt.cpp
  ports::Task<Result<std::vector<ports::Batch>>> started_of(JobId job);
  ports::Task<Result<void>> adopt_batch(Job& job, ports::Batch batch);
  void guard(Job& job, const std::vector<ports::Batch>& begun);
  void forget(Job& job);

  Parts parts_;
  ports::TaskGroup exchanges_;
  std::unique_ptr<ports::Clock::Timer> changed_;
  JobId turn_;                     ///< the job whose turn it was
  std::uint32_t before_slot_ = 0;  ///< exchanges that have no slot yet
  std::uint64_t requests_ = 0;
  std::uint64_t throttled_ = 0;
  std::uint32_t day_ = 0;
  std::uint64_t day_orders_ = 0;
};

}  // namespace sluice::pipeline
