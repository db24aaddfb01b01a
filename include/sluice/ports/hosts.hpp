#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sluice/base/error.hpp"
#include "sluice/base/ids.hpp"
#include "sluice/base/time.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::ports {

/// A process that shares the ledger with others, as all of them see it.
struct Host {
  std::string name;
  std::uint64_t epoch = 0;  ///< taken from the ledger at its start; a later one ends every earlier one of this name
  std::string spool;        ///< what it works; hosts with the same one share an inbox
  bool ours = false;        ///< it is this process
  bool alive = false;       ///< its lease is not over
  std::optional<WallTime> seen;  ///< when it last renewed its lease
};

/// What an operator asked one host to do at another one, which has the job (or, without a job, at every other one).
struct Errand {
  std::uint64_t id = 0;
  std::optional<JobId> job;
  std::string what;  ///< packed by the pipeline
  std::string user;  ///< who says so
};

/// The other processes of the account, where several share one ledger (docs/several-hosts.md). The ledger's tables are
/// the truth; what is woken here is only told to look.
class Hosts {
 public:
  virtual ~Hosts() = default;
  /// No request starts from then on, by this process's boot clock: another host may take over what it has. Max: nobody
  /// shares the ledger.
  virtual Boottime lease_until() const = 0;
  /// Returns when another host may have done something, at `until`, or on wake(). Only a hint.
  virtual Task<void> wait_for_change(Boottime until) = 0;
  virtual void wake() = 0;
  /// Makes jobs of hosts whose lease is over this one's, if it works the same spool: to be taken up as after a crash
  /// (what was announced may have been applied). From then on whoever had them can commit nothing any more.
  virtual Task<Result<std::vector<JobHeader>>> take_over() = 0;
  /// All that are known, this one first.
  virtual Task<Result<std::vector<Host>>> all() = 0;
  /// The jobs at work at other hosts, each with the name of its host.
  struct JobElsewhere {
    JobHeader job;
    std::string host;
  };
  virtual Task<Result<std::vector<JobElsewhere>>> jobs_elsewhere() = 0;
  /// Has the errand done where its job is, and returns what is said there. Kinds `missing` (no host has the job),
  /// `busy` (its host does not answer in time, or is dead).
  virtual Task<Result<std::string>> send(Errand errand) = 0;
  /// What this host is to do, the oldest first.
  virtual Task<Result<std::vector<Errand>>> errands() = 0;
  /// It was done, or could not be.
  virtual Task<Result<void>> answer(Errand errand, Result<std::string> said) = 0;
};

/// One process that shares its ledger with nobody.
class NoOtherHosts : public Hosts {
 public:
  explicit NoOtherHosts(Clock& clock) : timer_(clock.timer()) {}
  Boottime lease_until() const override { return Boottime::max(); }
  Task<void> wait_for_change(Boottime until) override { return timer_->wait(until); }
  void wake() override { timer_->wake(); }
  Task<Result<std::vector<JobHeader>>> take_over() override { co_return std::vector<JobHeader>{}; }
  Task<Result<std::vector<Host>>> all() override { co_return std::vector<Host>{}; }
  Task<Result<std::vector<JobElsewhere>>> jobs_elsewhere() override { co_return std::vector<JobElsewhere>{}; }
  Task<Result<std::string>> send(Errand) override { co_return fail(ErrorKind::missing, ""); }
  Task<Result<std::vector<Errand>>> errands() override { co_return std::vector<Errand>{}; }
  Task<Result<void>> answer(Errand, Result<std::string>) override { co_return Result<void>{}; }

 private:
  std::unique_ptr<Clock::Timer> timer_;
};

}  // namespace sluice::ports
