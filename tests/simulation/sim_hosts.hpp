#pragma once

#include <functional>
#include <string_view>

#include "host_seat.hpp"
#include "life.hpp"
#include "sim_clock.hpp"
#include "sluice/ports/hosts.hpp"
#include "weather.hpp"

namespace sluice::simulation {

/// The other hosts as one of them sees them, and its lease, renewed every 5 s.
class SimHosts final : public ports::Hosts {
 public:
  /// `taken_over`: hears of a host whose jobs go to this one.
  SimHosts(Life& life, const Clocks& clocks, HostSeat& seat, const LedgerStore& store, const Weather& weather,
           std::function<void(std::size_t)> taken_over);

  Boottime lease_until() const override { return lease_until_; }
  ports::Task<void> wait_for_change(Boottime until) override { return bell_.wait(clocks_.virtual_time(until)); }
  void wake() override { bell_.ring(); }
  ports::Task<Result<std::vector<ports::JobHeader>>> take_over() override;
  ports::Task<Result<std::vector<ports::Host>>> all() override { co_return std::vector<ports::Host>{}; }
  ports::Task<Result<std::vector<JobElsewhere>>> jobs_elsewhere() override;
  ports::Task<Result<std::string>> send(ports::Errand) override { co_return fail(ErrorKind::missing, ""); }
  ports::Task<Result<std::vector<ports::Errand>>> errands() override { co_return std::vector<ports::Errand>{}; }
  ports::Task<Result<void>> answer(ports::Errand, Result<std::string>) override { co_return Result<void>{}; }

  /// Somebody has done something: the ledger says so.
  void told() { bell_.ring(); }

 private:
  void renew();
  void renewal_arrives(Boottime sent);
  bool is_over(std::size_t host) const;
  ports::Task<Result<void>> enter(std::string_view what);
  std::vector<ports::JobHeader> take_jobs_of(std::size_t host);

  Life& life_;
  const Clocks& clocks_;
  HostSeat& seat_;
  const LedgerStore& store_;
  const Weather& weather_;
  std::function<void(std::size_t)> taken_over_;
  std::vector<ports::JobHeader> untold_;  ///< taken over, and the answer was lost
  Boottime lease_until_;
  Bell bell_;
};

}  // namespace sluice::simulation
