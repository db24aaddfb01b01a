#pragma once

#include <memory>
#include <string>
#include <vector>

#include "process.hpp"
#include "scenario.hpp"

namespace sluice::simulation {

/// What a run came to.
struct Report {
  std::vector<std::string> violations;  ///< the first one is the one to look at; empty: all invariants held
  std::uint64_t requests = 0;
  std::uint64_t crashes = 0;
  std::uint64_t steps = 0;
  Nanos took{0};  ///< virtual time
  std::uint64_t fingerprint = 0;
  std::string trace;
};

/// A machine, an API, people and weather, run through a scenario until every file dropped is accounted for.
class World {
 public:
  World(Scenario scenario, bool trace);
  ~World();
  Report run();

  // For tests that look at more than the report.
  const Machine& machine() const { return machine_; }
  const Witness& witness() const { return witness_; }
  const Api& api() const { return api_; }
  /// Asked at every event; true ends the run early.
  std::function<bool(World&)> until;

 private:
  void set_the_scene();
  void drop(const FilePlan& file);
  void complete(const FilePlan& file);
  bool copied(const FilePlan& file) const;
  void take_away(const FilePlan& file);
  void start_process();
  void process_gone();
  void crashed();
  void exited();
  void clear_weather();
  void care();
  void release_without_a_process(ports::JobHeader header);
  void do_deed(const DeedPlan& deed);
  ports::Task<Result<std::string>> pause(pipeline::Engine& engine);
  ports::Task<Result<std::string>> resume(pipeline::Engine& engine);
  void change_surroundings(const DeedPlan& deed);
  void change_unseen(const ports::JobHeader& job);
  void undo_changes();
  void other_participant();
  void other_sends(pacing::Slot slot);
  bool accounted_for() const;
  std::string what_is_left() const;
  bool go_on();
  void stop_process();
  void collect_violations();
  std::int64_t now_ns() const;
  void at(Nanos when, Timeline::Action action) { machine_.timeline.at(when, Owner::world, std::move(action)); }
  Nanos now() const { return machine_.timeline.now(); }

  Scenario scenario_;
  Random random_;
  Trace trace_;
  Machine machine_;
  Witness witness_;
  Api api_;
  Outside outside_;
  std::unique_ptr<Process> process_;
  struct Unseen {
    std::uint64_t job;
    File file;
    std::string was;
  };
  std::vector<Unseen> unseen_;  ///< claimed files that were changed and show it nowhere
  std::size_t files_to_come_ = 0;
  std::size_t next_crash_ = 0;
  std::uint64_t steps_ = 0;
  bool cleared_ = false;
  bool stopping_ = false;
  std::uint32_t failed_starts_ = 0;
  std::optional<std::uint32_t> other_;  ///< the other participant's number, once it runs
  std::uint64_t boots_ = 0;
};

/// What outages and full disks, and their ends, are to the weather; other deeds are nothing to it.
void change_weather(Weather& weather, Deed deed);

}  // namespace sluice::simulation
