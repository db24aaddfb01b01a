#include "sim_hosts.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sluice::simulation {

using namespace std::chrono_literals;
using ports::Task;

namespace {
// docs/several-hosts.md, How it holds together.
constexpr Nanos kRenewEvery = 5s;
constexpr Nanos kLease = 30s;    // by the ledger's clock
constexpr Nanos kMaySend = 20s;  // after the renewal was sent, by the host's own boot clock
}  // namespace

SimHosts::SimHosts(Life& life, const Clocks& clocks, HostSeat& seat, const LedgerStore& store, const Weather& weather,
                   std::function<void(std::size_t)> taken_over)
    : life_(life),
      clocks_(clocks),
      seat_(seat),
      store_(store),
      weather_(weather),
      taken_over_(std::move(taken_over)),
      lease_until_(clocks.boot(life.now()) + kMaySend),
      bell_(life) {
  seat_.row().lease_until = life_.now() + kLease;
  seat_.row().renewed_wall = clocks_.wall(life_.now());
  renew();
}

/// What the ledger was sent it takes, whatever becomes of the host meanwhile.
void SimHosts::renew() {
  const Nanos way = life_.random().between(Nanos(100'000), Nanos(2'000'000));
  life_.timeline().at(life_.now() + way, life_.owner(),
                      [this, sent = clocks_.boot(life_.now())] { renewal_arrives(sent); });
  life_.timeline().at(life_.now() + kRenewEvery, life_.owner(), [this] { life_.when_running([this] { renew(); }); });
}

void SimHosts::renewal_arrives(Boottime sent) {
  if (seat_.cut_off()) return;
  const bool fenced = seat_.fenced();
  if (!fenced) {
    seat_.row().lease_until = life_.now() + kLease;
    seat_.row().renewed_wall = clocks_.wall(life_.now());
  }
  life_.when_running([this, sent, fenced] {
    lease_until_ = fenced ? Boottime{} : sent + kMaySend;
    if (fenced) bell_.ring();
  });
}

bool SimHosts::is_over(std::size_t host) const {
  const auto& row = seat_.table.hosts[host];
  if (seat_.mistake == Mistake::lease_on_the_wrong_clock) {
    return clocks_.wall(life_.now()) - row.renewed_wall >= std::chrono::duration_cast<Millis>(kLease);
  }
  return life_.now() > row.lease_until;
}

Task<Result<void>> SimHosts::enter(std::string_view what) {
  co_await life_.pass(life_.random().between(Nanos(100'000), Nanos(2'000'000)), what);
  if (seat_.cut_off()) co_return fail(ErrorKind::io, "the ledger can't be reached");
  co_return Result<void>{};
}

Task<Result<std::vector<ports::JobHeader>>> SimHosts::take_over() {
  if (!seat_.table.shared_spool) co_return std::vector<ports::JobHeader>{};
  if (auto entered = co_await enter("take_over"); !entered) co_return std::unexpected(entered.error());
  if (seat_.fenced()) co_return fail(ErrorKind::fenced, "taken over");
  if (seat_.row().lease_until <= life_.now()) co_return std::vector<ports::JobHeader>{};
  auto jobs = std::exchange(untold_, {});
  for (std::size_t host = 0; host < seat_.table.hosts.size(); ++host) {
    if (host == seat_.number || !is_over(host)) continue;
    auto taken = take_jobs_of(host);
    std::ranges::move(taken, std::back_inserter(jobs));
  }
  if (!jobs.empty() && life_.random().per_mille(4 * weather_.commit_lost)) {
    untold_ = std::move(jobs);
    co_return fail(ErrorKind::io, "the answer was lost");
  }
  co_return jobs;
}

/// One transaction: nothing of the other host's commits comes between.
std::vector<ports::JobHeader> SimHosts::take_jobs_of(std::size_t host) {
  std::vector<ports::JobHeader> jobs;
  for (const auto& job : store_.open_jobs()) {
    if (seat_.table.has(host, job.id)) jobs.push_back(job);
  }
  if (jobs.empty()) return jobs;
  life_.trace()(life_.now(), "host {} takes over what host {} has", seat_.number, host);
  seat_.table.hosts[host].epoch = 0;
  taken_over_(host);
  for (const auto& job : jobs) seat_.table.jobs[job.id.n] = seat_.number;
  return jobs;
}

Task<Result<std::vector<ports::Hosts::JobElsewhere>>> SimHosts::jobs_elsewhere() {
  if (auto entered = co_await enter("jobs_elsewhere"); !entered) co_return std::unexpected(entered.error());
  std::vector<JobElsewhere> jobs;
  for (const auto& job : store_.open_jobs()) {
    if (seat_.table.has(seat_.number, job.id)) continue;
    jobs.push_back({.job = job, .host = std::to_string(seat_.table.jobs.at(job.id.n))});
  }
  co_return jobs;
}

}  // namespace sluice::simulation
