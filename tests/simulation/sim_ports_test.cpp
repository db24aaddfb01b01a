// The simulation's clock, gate and claimed file, held to what the real ones promise.
#include "claimed_file_contract.hpp"
#include "clock_contract.hpp"
#include "disk.hpp"
#include "gate_contract.hpp"
#include "sim_gate.hpp"
#include "sim_spool.hpp"
#include "workbench.hpp"

namespace sluice {
namespace {

class SimClockMaker {
 public:
  SimClockMaker() { bench_.clocks.booted = -std::chrono::hours(2); }
  ports::Clock& clock() { return clock_; }
  template <class T>
  T wait(ports::Task<T> task) {
    return bench_.run(std::move(task)).value();
  }

 private:
  simulation::Workbench bench_;
  simulation::SimClock clock_{bench_.life, bench_.clocks};
};

class SimGateMaker {
 public:
  SimGateMaker() { bench_.clocks.booted -= std::chrono::seconds(2); }  // its past is unknown: it waits a window
  ports::GateStore& store() { return store_; }
  Boottime now() { return bench_.clocks.boot(bench_.life.now()); }

 private:
  simulation::Workbench bench_;
  simulation::GateFile file_{{.requests = 10, .per = std::chrono::seconds(1)}};
  simulation::SimGateStore store_{bench_.life, file_, bench_.clocks, bench_.weather};
};

class SimFileMaker {
 public:
  SimFileMaker() : on_disk_(disk_.put(simulation::Folder::state, simulation::claimed_name(kJob), kClaimedBytes, 1)) {
    file_ = wait(spool_.read(kJob)).value();
  }
  ports::ClaimedFile& file() { return *file_; }
  void change(std::string bytes) {
    on_disk_->data = std::move(bytes);
    ++on_disk_->mtime_ns;
  }
  template <class T>
  T wait(ports::Task<T> task) {
    return bench_.run(std::move(task)).value();
  }

 private:
  static constexpr JobId kJob{.day = 20240115, .n = 3};

  simulation::Workbench bench_;
  simulation::Disk disk_;
  simulation::SpoolWitness witness_;
  simulation::SimSpool spool_{bench_.life, disk_, bench_.clocks, bench_.weather, witness_};
  simulation::File on_disk_;
  std::unique_ptr<ports::ClaimedFile> file_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Simulated, ClockContract, SimClockMaker);
INSTANTIATE_TYPED_TEST_SUITE_P(Simulated, ClaimedFileContract, SimFileMaker);
INSTANTIATE_TYPED_TEST_SUITE_P(Simulated, GateContract, SimGateMaker);

}  // namespace
}  // namespace sluice
