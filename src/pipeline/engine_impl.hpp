#pragma once

#include <array>
#include <deque>

#include "breaker.hpp"
#include "change_signal.hpp"
#include "ended_jobs.hpp"
#include "errands.hpp"
#include "intake.hpp"
#include "journal.hpp"
#include "leased_spool.hpp"
#include "neighbours.hpp"
#include "row_marks.hpp"
#include "sender.hpp"
#include "shared_facts.hpp"
#include "slot_queue.hpp"
#include "sluice/pipeline/engine.hpp"
#include "sluice/ports/task_group.hpp"
#include "worker.hpp"

namespace sluice::pipeline {

/// Files of finished jobs in one folder, and the setting of how long they stay.
struct Aged;

/// The parts in the order they are built, and what only all of them together can do.
class Engine::Impl {
 public:
  Impl(const boost::asio::any_io_executor& executor, Ports ports, config::Settings settings);

  ports::Task<Result<int>> run();
  ports::Task<Result<int>> drain(std::optional<Nanos> within);
  ports::Task<Result<int>> publish_settled();
  void stop();
  void reload(config::Settings settings);
  Status status() const;
  std::vector<RateSecond> rates(std::chrono::sys_seconds since) const { return sender_.rates().since(since); }
  std::vector<WaitingFile> waiting_files() const;
  const std::vector<ports::Hosts::JobElsewhere>& jobs_elsewhere() const { return neighbours_.jobs(); }
  void on_change(std::function<void()> tell) { change_.tell(std::move(tell)); }
  ports::Task<Result<PlacedBefore>> placed_before(std::vector<std::string> elements);
  ports::Task<Result<std::string>> command(Command what, JobId job, std::string user);
  ports::Task<Result<std::string>> resolve(Resolution resolution, std::string user);
  ports::Task<Result<std::string>> set_paused(bool paused, std::string user);

 private:
  // Beginning: engine_begin.cpp
  ports::Task<Result<void>> begin();
  ports::Task<Result<void>> read_shared();
  void take_over_pause(const std::string& by);
  ports::Task<Result<void>> take_up(ports::JobHeader header);
  ports::Task<Result<bool>> claim_happened(ports::JobHeader& header);
  ports::Task<Result<void>> note_unknown_claims();
  ports::Task<Result<void>> adopt_all();
  void start_work();

  // Going on and ending: engine.cpp
  ports::Task<void> until_drained(Boottime started, std::optional<Nanos> within);
  bool drain_must_end(Boottime started, std::optional<Nanos> within) const;
  bool all_wait() const;
  std::string why_left(const Job& job) const;
  ports::Task<void> end();
  ports::Task<Result<int>> leave(Error why, int when_stopped);
  ports::Task<void> note_held(JobId id);
  ports::Task<void> keep_credential();
  ports::Task<void> keep_progress();
  // Beside other hosts: engine_hosts.cpp
  ports::Task<void> keep_hosts();
  ports::Task<void> read_ended();
  ports::Task<Result<std::string>> do_errand(Instruction what, ports::Errand errand);
  ports::Task<Result<std::string>> command_here(Command what, JobId job, std::string user);
  ports::Task<void> tell_others(Instruction what, std::string user);
  ports::Task<void> take_over();
  // Once a day: engine_keep.cpp
  ports::Task<void> forget_old();
  ports::Task<void> remove_old(const Aged& aged);
  ports::Task<bool> is_in_doubt(const ports::JobHeader& job);
  void ended(JobId job, int exit);
  void wake_all();

  /// Other hosts may work beside this one.
  bool shares_ledger() const { return ports_.hosts.lease_until() != Boottime::max(); }
  /// `sharing`: sending_jobs(), counted once for all of them.
  JobStatus job_status(const Job& job, std::ptrdiff_t sharing) const;
  std::ptrdiff_t sending_jobs() const;
  std::string progress_line(const Job& job) const;

  boost::asio::any_io_executor executor_;
  LeasedSpool leased_spool_;  ///< before the ports, which lead to it
  Ports ports_;
  config::Settings settings_;
  Stop stop_;
  RowMarks marks_;  ///< under the spool's secret
  ChangeSignal change_;
  Journal journal_;
  Breaker breaker_;
  SlotQueue slots_;
  BusyKeys busy_;  ///< before the jobs, which hold keys
  Jobs jobs_;
  std::uint64_t last_batch_ = 0;
  Doubts doubts_;
  SharedFacts shared_;
  Sender sender_;
  Worker worker_;
  Intake intake_;
  Errands errands_;
  Neighbours neighbours_;
  std::unique_ptr<ports::Clock::Timer> changed_;  ///< something that drain() or a stop waits for
  std::unique_ptr<ports::Clock::Timer> credential_;
  std::unique_ptr<ports::Clock::Timer> progress_;
  bool at_rest_ = false;  ///< no progress is kept, until a job comes
  std::unique_ptr<ports::Clock::Timer> old_;
  std::array<WallTime, 3> removed_until_{};  ///< by ports::Kept: of jobs that ended before, all files are gone
  std::deque<ports::JobHeader> taken_over_;  ///< of other hosts, and not taken up yet
  std::vector<std::string> unknown_claims_;  ///< claimed files that the ledger doesn't know
  std::deque<std::unique_ptr<Job>> ended_;   ///< until their coroutine has returned
  EndedJobs ended_jobs_;
  std::string paused_by_;           ///< what the ledger notes of the operator's pause; empty: none
  std::uint64_t pauses_ = 0;        ///< how often this process has noted one, or its end
  std::string credential_trouble_;  ///< why its source can't be read now
  int worst_exit_ = 0;
  std::uint64_t jobs_done_ = 0;
  std::uint64_t jobs_rejected_ = 0;
  bool taken_up_ = false;               ///< what an earlier process left is taken up
  std::optional<Intake::Inbox> inbox_;  ///< drain: what became of it; nothing more is claimed
  ports::TaskGroup tasks_;              ///< last: its children use all of the above
};

}  // namespace sluice::pipeline
