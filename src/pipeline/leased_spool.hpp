#pragma once

#include <memory>
#include <string>

#include "sluice/ports/hosts.hpp"
#include "sluice/ports/spool.hpp"

namespace sluice::pipeline {

/// A spool that other hosts may work, too: nothing is written or moved there once this host's lease is over, since the
/// one that takes its jobs over may be writing the same results. Asked right before each step; what stood still in the
/// middle of one comes too late, but only to the next.
class LeasedSpool final : public ports::Spool {
 public:
  LeasedSpool(ports::Spool& spool, ports::Hosts& hosts, ports::Ledger& ledger, ports::Clock& clock)
      : spool_(spool), hosts_(hosts), ledger_(ledger), clock_(clock) {}

  const std::string& secret() const override { return spool_.secret(); }
  ports::Task<void> wait_for_change(Boottime until) override { return spool_.wait_for_change(until); }
  void wake() override { spool_.wake(); }
  std::string hints_trouble() const override { return spool_.hints_trouble(); }
  ports::Task<Result<ports::InboxScan>> scan() override { return spool_.scan(); }
  ports::Task<Result<std::unique_ptr<ports::Candidate>>> open(ports::InboxEntry entry) override;
  ports::Task<Result<std::vector<JobId>>> claimed() override { return spool_.claimed(); }
  ports::Task<Result<bool>> claim_completed(JobId job, std::string name, ports::FileIdentity source) override;
  ports::Task<Result<std::unique_ptr<ports::ClaimedFile>>> read(JobId job) override { return spool_.read(job); }
  ports::Task<Result<std::unique_ptr<ports::Output>>> create(JobId job, ports::OutputKind kind) override;
  ports::Task<Result<void>> discard(JobId job) override;
  ports::Task<Result<void>> publish(JobId job, std::string dropped_name) override;
  ports::Task<Result<void>> archive(JobId job, std::string dropped_name) override;
  ports::Task<Result<void>> reject(JobId job, std::string dropped_name, std::string reason) override;
  ports::Task<Result<void>> progress(JobId job, std::string dropped_name, std::string line) override;
  ports::Task<Result<std::size_t>> remove(JobId job, std::string dropped_name, ports::Kept kept) override;
  ports::Task<Result<std::uint64_t>> free_bytes() override { return spool_.free_bytes(); }

  /// For the handles it gives out. A claim is not always one rename: a file with other names is copied before its own
  /// goes, and some file systems link it and take the old name away. Another host that looked in between would have
  /// a claim of its own, and place every order again. Kind `busy`: it has
  /// announced one, or we have taken that over and not taken it up yet.
  ports::Task<Result<void>> claims_alone(const ports::Candidate& file, JobId job);
  /// Kind `io`: the lease is over; it may be renewed.
  Result<void> leased() const;

 private:
  ports::Spool& spool_;
  ports::Hosts& hosts_;
  ports::Ledger& ledger_;
  ports::Clock& clock_;
};

}  // namespace sluice::pipeline
