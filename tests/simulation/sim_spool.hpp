#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "disk.hpp"
#include "ledger_store.hpp"
#include "life.hpp"
#include "mistake.hpp"
#include "sim_clock.hpp"
#include "sluice/ports/spool.hpp"
#include "weather.hpp"

namespace sluice::simulation {

/// What the spool noticed that must never be: read by the invariants.
struct SpoolWitness {
  /// The bytes each output had when it was finished first (I7), by job number and kind.
  std::map<std::pair<std::uint64_t, ports::OutputKind>, std::string> first_finished;
  std::set<std::uint64_t> changed_unseen;  ///< jobs whose claimed file was, at some time
  /// Its claimed file has other bytes now: what is written of them may come out otherwise, and is not published.
  void forget_first_finished(std::uint64_t job) {
    changed_unseen.insert(job);
    std::erase_if(first_finished, [job](const auto& entry) { return entry.first.first == job; });
  }
  std::vector<std::string> violations;
  const LedgerStore* ledger = nullptr;  ///< what is durable; null: nobody asks
  Mistake mistake = Mistake::none;      ///< Scenario::mistake

  /// A temporary is about to become an output.
  void publishes(const Disk& disk, JobId job, ports::OutputKind kind);
};

/// The machine's disk as one process sees it.
class SimSpool final : public ports::Spool {
 public:
  SimSpool(Life& life, Disk& disk, const Clocks& clocks, const Weather& weather, SpoolWitness& witness);

  const std::string& secret() const override { return secret_; }
  ports::Task<void> wait_for_change(Boottime until) override;
  void wake() override { bell_.ring(); }
  ports::Task<Result<ports::InboxScan>> scan() override;
  ports::Task<Result<std::unique_ptr<ports::Candidate>>> open(ports::InboxEntry entry) override;
  ports::Task<Result<std::vector<JobId>>> claimed() override;
  ports::Task<Result<bool>> claim_completed(JobId job, std::string name, ports::FileIdentity source) override;
  ports::Task<Result<std::unique_ptr<ports::ClaimedFile>>> read(JobId job) override;
  ports::Task<Result<std::unique_ptr<ports::Output>>> create(JobId job, ports::OutputKind kind) override;
  ports::Task<Result<void>> discard(JobId job) override;
  ports::Task<Result<void>> publish(JobId job, std::string dropped_name) override;
  ports::Task<Result<void>> archive(JobId job, std::string dropped_name) override;
  ports::Task<Result<void>> reject(JobId job, std::string dropped_name, std::string reason) override;
  ports::Task<Result<void>> progress(JobId job, std::string dropped_name, std::string line) override;
  /// Its files stay: keep.* is never set in a simulation.
  ports::Task<Result<std::size_t>> remove(JobId, std::string, ports::Kept) override { co_return 0; }
  ports::Task<Result<std::uint64_t>> free_bytes() override;

  // For the handles it gives out:
  /// The way into the kernel: time passes, and a fault may come back instead of the call's effect.
  ports::Task<Result<void>> enter(std::string_view what, bool writes);
  std::int64_t now_ns() const;
  Disk& disk() { return disk_; }
  SpoolWitness& witness() { return witness_; }
  /// Calls that change the disk, from their last look at the lease to their effect.
  std::uint32_t writing() const { return writing_; }

 private:
  const std::string secret_ = std::string(32, 's');
  Life& life_;
  Disk& disk_;
  const Clocks& clocks_;
  const Weather& weather_;
  SpoolWitness& witness_;
  std::uint32_t writing_ = 0;
  Bell bell_;
};

/// Names in state/.
std::string claimed_name(JobId job);
std::string copied_name(JobId job);  ///< a copy that is not complete yet
std::string temporary_name(JobId job, ports::OutputKind kind);

}  // namespace sluice::simulation
