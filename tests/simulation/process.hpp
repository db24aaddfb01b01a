#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "life.hpp"
#include "sim_clock.hpp"
#include "sim_gate.hpp"
#include "sim_hosts.hpp"
#include "sim_ledger.hpp"
#include "sim_spool.hpp"
#include "sim_upstream.hpp"
#include "sluice/pipeline/engine.hpp"
#include "sluice/ports/hosts.hpp"

namespace sluice::simulation {

/// What outlives a process.
struct Machine {
  Timeline timeline;
  Clocks clocks;
  Weather weather;
  Disk disk;
  LedgerStore ledger;
  GateFile gate;
  SpoolWitness spool_witness;
};

/// An engine over simulated ports, from start to exit or crash. Destroying it is the crash: whoever waits is unwound
/// without being resumed, and nothing of it has an effect any more.
class Process {
 public:
  Process(Machine& machine, Outside& outside, Trace& trace, Random random, std::uint64_t crash_at);
  /// One of several hosts on one ledger, with clocks of its own and a spool that may be.
  struct Host {
    HostSeat& seat;
    const Clocks& clocks;
    Disk& disk;
    SpoolWitness& spool_witness;
    std::function<void(std::size_t)> taken_over;  ///< by this one
  };
  Process(Machine& machine, Outside& outside, Trace& trace, Random random, Host host);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void start(bool drains);
  /// Runs what is ready; false: it died of it.
  bool run_ready();

  Life& life() { return life_; }
  SimLedger& ledger() { return ledger_; }
  /// Within a system call that sends, or changes the disk: nothing stands between its last look at the lease and what
  /// it does, so that a process which is frozen there does it when it goes on.
  bool in_a_call() const { return upstream_.writing > 0 || spool_.writing() > 0; }
  ports::Hosts& hosts() { return *hosts_; }
  pipeline::Engine& engine() { return *engine_; }
  const std::optional<Result<int>>& exit() const { return exit_; }
  const std::string& thrown() const { return thrown_; }  ///< what an exception said that left the engine; empty: none

  /// An operator's command, which the engine works off as it goes.
  void give(ports::Task<Result<std::string>> command);
  /// What an operator says of a job.
  void do_job_deed(Deed deed, JobId job);
  /// Commands given and not answered: their commits are their givers' affair, not the engine's.
  std::size_t commands() const { return commands_; }

 private:
  boost::asio::io_context context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  Machine& machine_;
  Life life_;
  SimClock clock_;
  SimSpool spool_;
  SimLedger ledger_;
  SimGateStore gate_;
  SimUpstream upstream_;
  std::unique_ptr<ports::Hosts> hosts_;
  std::optional<pipeline::Engine> engine_;
  std::optional<Result<int>> exit_;
  std::size_t commands_ = 0;
  std::string thrown_;
};

}  // namespace sluice::simulation
