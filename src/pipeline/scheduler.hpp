#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <utility>

#include "breaker.hpp"
#include "busy_keys.hpp"
#include "day_cap.hpp"
#include "job.hpp"
#include "sending.hpp"
#include "slot_queue.hpp"

namespace sluice::pipeline {

/// Counts one more while it lives. Move-only: what was counted up is counted down exactly once.
class Tally {
 public:
  Tally() = default;
  explicit Tally(std::uint32_t& count) : count_(&count) { ++count; }
  Tally(Tally&& from) noexcept : count_(std::exchange(from.count_, nullptr)) {}
  Tally& operator=(Tally&& from) noexcept {
    std::swap(count_, from.count_);
    return *this;
  }
  ~Tally() { end(); }
  explicit operator bool() const { return count_ != nullptr; }
  void end() {
    if (count_ != nullptr) --*std::exchange(count_, nullptr);
  }

 private:
  std::uint32_t* count_ = nullptr;
};

/// Whose turn it is, and which batch: jobs in turn, what was started before what is fresh, nothing that has to wait,
/// and never two orders of one key at once. Nothing is announced long before its slot falls due.
class Scheduler {
 public:
  /// A batch taken out of its job to be sent, and what is taken with it. All of that is given back by its end.
  struct Choice {
    Job& job;
    Waiting waiting;
    std::size_t most_rows = 0;  ///< send no more of it than that: a day's cap, a probe
    DayCap::Room room;          ///< of a first send
    Breaker::Probe probe;       ///< holds one, if all sending is paused and this is to find out whether it goes on
    Tally in_flight;            ///< of its job
    Tally before_slot;          ///< ends when it has its slot, or turns back
  };
  Scheduler(const Sending& sending, DayCap& day_cap) : parts_(sending), day_cap_(day_cap) {}

  /// The batch that starts now; or when to ask again, unless something is woken before.
  std::expected<Choice, Boottime> next(std::size_t in_flight);
  /// Loads fresh batches of jobs that run short of them, a window at a time.
  ports::Task<void> refill();

 private:
  struct Candidate {
    Job* job = nullptr;
    Waiting waiting;
    std::size_t most_rows = 0;
    Boottime ask_again = Boottime::max();
  };
  /// When a request may start, if it may not now.
  std::expected<void, Boottime> may_start(std::size_t in_flight, Boottime now);
  Candidate choose();
  bool choose_from(Job& job, Candidate& candidate);
  bool choose_started(Job& job, Candidate& candidate);
  bool choose_fresh(Job& job, Candidate& candidate);
  std::uint64_t room_today(Job& job, Candidate& candidate);

  const Sending& parts_;
  DayCap& day_cap_;
  JobId turn_;                     ///< the job whose turn it was
  std::uint32_t before_slot_ = 0;  ///< attempts that have no slot yet
};

}  // namespace sluice::pipeline
