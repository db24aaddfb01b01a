#pragma once

#include <memory>
#include <string>
#include <vector>

#include "postgresql/membership.hpp"
#include "postgresql/server.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/ports/hosts.hpp"

namespace sluice::adapters::postgresql {

/// The hosts that share a ledger in PostgreSQL. A thread with a connection renews this one's lease and listens; another
/// asks. Results come on the caller's associated executor, which must outlive this; destroyed only when nobody waits.
/// Its end is the lease's: the ledger and the gate have ended before.
class PostgresHosts final : public ports::Hosts {
 public:
  /// Blocks: brings the schema up to date, and takes an epoch, which ends an earlier process of that name. Errors as
  /// migrate() and join().
  static Result<std::unique_ptr<PostgresHosts>> open(Server server, Presence presence, ports::Clock& clock);
  ~PostgresHosts() override;
  PostgresHosts(const PostgresHosts&) = delete;
  PostgresHosts& operator=(const PostgresHosts&) = delete;

  const Membership& membership() const;

  Boottime lease_until() const override;
  ports::Task<void> wait_for_change(Boottime until) override;
  void wake() override;
  ports::Task<Result<std::vector<ports::JobHeader>>> take_over() override;
  ports::Task<Result<std::vector<ports::Host>>> all() override;
  ports::Task<Result<std::vector<JobElsewhere>>> jobs_elsewhere() override;
  ports::Task<Result<std::string>> send(ports::Errand errand) override;
  ports::Task<Result<std::vector<ports::Errand>>> errands() override;
  ports::Task<Result<void>> answer(ports::Errand errand, Result<std::string> said) override;

 private:
  class Impl;
  explicit PostgresHosts(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::adapters::postgresql
