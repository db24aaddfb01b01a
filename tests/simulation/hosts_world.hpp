#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "process.hpp"
#include "scenario.hpp"
#include "world.hpp"

namespace sluice::simulation {

/// Several engines on one ledger, each with clocks of its own, and a spool of its own or one for all: hosts are killed,
/// stand still for longer than their lease, lose the ledger, and hear late of their commits. What must hold is what
/// must hold of one engine, over all of them together.
class HostsWorld {
 public:
  HostsWorld(Scenario scenario, bool trace);
  ~HostsWorld();
  Report run();

  const Witness& witness() const { return witness_; }

 private:
  struct Spool {
    Disk disk;
    SpoolWitness witness;
  };
  struct Host {
    Clocks clocks;
    std::unique_ptr<HostSeat> seat;  ///< before the process, which sits there
    std::unique_ptr<Process> process;
    std::uint64_t processes = 0;  ///< how many it has had
    std::deque<MishapPlan> mishaps;
    std::uint64_t strikes_at = 0;  ///< the step of its process on which the first of them is due
    bool waits_for_fair_weather = false;
  };
  void set_the_scene();
  Spool& spool_of(std::size_t host) { return *spools_[scenario_.shared_spool ? 0 : host]; }
  void drop(const FilePlan& file);
  void complete(const FilePlan& file);

  // Of a host: hosts_world.cpp
  void start(std::size_t host);
  void gone(std::size_t host);
  void exited(std::size_t host);
  void taken_over(std::size_t host);
  void must_leave(std::size_t host, std::uint64_t process, int looks);
  void tell_others(std::size_t host);
  bool runs(std::size_t host) const { return hosts_[host].process && !hosts_[host].process->exit(); }

  // What befalls it: mishaps.cpp
  void arm(std::size_t host);
  void strike(std::size_t host);
  void killed(std::size_t host);
  void stall(std::size_t host, Nanos how_long);
  void cut_off(std::size_t host, Nanos how_long);

  // What people and weather do: mishaps.cpp
  void do_deed(const DeedPlan& deed);
  void clear_weather();
  void care();

  bool accounted_for() const;
  std::string what_is_left() const;
  bool go_on();
  void stop_all();
  Report report();
  std::int64_t now_ns() const;
  void at(Nanos when, Timeline::Action action) { machine_.timeline.at(when, Owner::world, std::move(action)); }
  Nanos now() const { return machine_.timeline.now(); }

  Scenario scenario_;
  Random random_;
  Trace trace_;
  Machine machine_;  ///< of the ledger
  Witness witness_;
  Api api_;
  Outside outside_;
  HostTable table_;
  std::vector<std::unique_ptr<Spool>> spools_;
  std::vector<Host> hosts_;
  std::size_t files_to_come_ = 0;
  std::uint64_t steps_ = 0;
  std::uint64_t mishaps_ = 0;
  std::uint32_t failed_starts_ = 0;
  bool cleared_ = false;
  bool stopping_ = false;
};

/// The world of a scenario, run to its end.
Report run_world(Scenario scenario, bool trace);

}  // namespace sluice::simulation
