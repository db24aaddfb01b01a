#include "postgresql/hosts.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <chrono>
#include <mutex>
#include <optional>
#include <utility>

#include "postgresql/lease.hpp"
#include "postgresql/other_hosts.hpp"
#include "postgresql/questions.hpp"
#include "postgresql/schema.hpp"
#include "sluice/text/words/postgresql.hpp"

namespace sluice::adapters::postgresql {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds kAnswerWithin{10};
constexpr std::chrono::milliseconds kLookAgain{100};

}  // namespace

class PostgresHosts::Impl {
 public:
  Impl(const Server& server, Presence presence, Membership membership, Boottime joined, ports::Clock& clock)
      : membership(std::move(membership)),
        presence(std::move(presence)),
        clock(clock),
        timer(clock.timer()),
        questions(server),
        lease(server, this->membership, joined, clock, [this] { changed(); }) {}

  /// On the lease's thread. The timer belongs to whoever waits, and so does waking it.
  void changed() {
    const std::lock_guard lock(mutex);
    unseen = true;
    if (waiter) asio::post(*waiter, [timer = timer] { timer->wake(); });
  }

  ports::Task<void> wait_for_change(Boottime until) {
    {
      const auto executor = co_await asio::this_coro::executor;
      const std::lock_guard lock(mutex);
      if (std::exchange(unseen, false)) co_return;
      waiter = executor;
    }
    co_await timer->wait(until);
    const std::lock_guard lock(mutex);
    waiter.reset();
    unseen = false;
  }

  /// What one host says, or that it said nothing in time. An errand that was withdrawn was not done.
  ports::Task<Result<std::string>> await_answer(std::uint64_t errand, Boottime until) {
    const auto pause = clock.timer();
    for (;;) {
      const auto said = co_await questions.ask<std::optional<Result<std::string>>>(
          [errand](Connection& connection) { return take_answer(connection, errand); });
      if (said && *said) co_return **said;
      if (clock.now() < until) {
        co_await pause->wait(std::min(until, clock.now() + kLookAgain));
        continue;
      }
      const auto withdrawn =
          co_await questions.ask<bool>([errand](Connection& connection) { return withdraw(connection, errand); });
      if (!withdrawn) co_return std::unexpected(withdrawn.error());
      if (*withdrawn) co_return fail(ErrorKind::busy, text::words::postgresql_host_silent());
    }
  }

  const Membership membership;
  const Presence presence;
  ports::Clock& clock;
  std::shared_ptr<ports::Clock::Timer> timer;
  std::mutex mutex;
  bool unseen = false;
  std::optional<asio::any_io_executor> waiter;
  std::vector<std::uint64_t> unsure;  ///< of take_over(), on the questions' thread
  Questions questions;
  Lease lease;  // last: it calls changed()
};

Result<std::unique_ptr<PostgresHosts>> PostgresHosts::open(Server server, Presence presence, ports::Clock& clock) {
  auto connection = Connection::open(server);
  if (!connection) return std::unexpected(connection.error());
  if (auto made = migrate(*connection); !made) return std::unexpected(made.error());
  const Boottime sent = clock.now();
  auto membership = join(*connection, presence);
  if (!membership) return std::unexpected(membership.error());
  return std::unique_ptr<PostgresHosts>(
      new PostgresHosts(std::make_unique<Impl>(server, std::move(presence), std::move(*membership), sent, clock)));
}

PostgresHosts::PostgresHosts(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PostgresHosts::~PostgresHosts() = default;

const Membership& PostgresHosts::membership() const {
  return impl_->membership;
}

Boottime PostgresHosts::lease_until() const {
  return impl_->lease.until();
}

ports::Task<void> PostgresHosts::wait_for_change(Boottime until) {
  return impl_->wait_for_change(until);
}

void PostgresHosts::wake() {
  impl_->timer->wake();
}

ports::Task<Result<std::vector<ports::JobHeader>>> PostgresHosts::take_over() {
  return impl_->questions.ask<std::vector<ports::JobHeader>>([impl = impl_.get()](Connection& connection) {
    return postgresql::take_over(connection, impl->membership, impl->presence, impl->unsure);
  });
}

ports::Task<Result<std::vector<ports::Host>>> PostgresHosts::all() {
  return impl_->questions.ask<std::vector<ports::Host>>(
      [impl = impl_.get()](Connection& connection) { return all_hosts(connection, impl->membership); });
}

ports::Task<Result<std::vector<ports::Hosts::JobElsewhere>>> PostgresHosts::jobs_elsewhere() {
  return impl_->questions.ask<std::vector<JobElsewhere>>([impl = impl_.get()](Connection& connection) {
    return postgresql::jobs_elsewhere(connection, impl->membership);
  });
}

ports::Task<Result<std::string>> PostgresHosts::send(ports::Errand errand) {
  const Boottime until = impl_->clock.now() + kAnswerWithin;
  const auto left = co_await impl_->questions.ask<std::vector<std::uint64_t>>(
      [impl = impl_.get(), errand = std::move(errand)](Connection& connection) {
        return leave_errand(connection, impl->membership, errand);
      });
  if (!left) co_return std::unexpected(left.error());
  Result<std::string> said;
  for (const auto id : *left) {
    auto answer = co_await impl_->await_answer(id, until);
    if (said) said = std::move(answer);  // a host that could not is what must be heard
  }
  co_return said;
}

ports::Task<Result<std::vector<ports::Errand>>> PostgresHosts::errands() {
  return impl_->questions.ask<std::vector<ports::Errand>>(
      [impl = impl_.get()](Connection& connection) { return errands_of(connection, impl->membership); });
}

ports::Task<Result<void>> PostgresHosts::answer(ports::Errand errand, Result<std::string> said) {
  return impl_->questions.ask<void>(
      [impl = impl_.get(), id = errand.id, said = std::move(said)](Connection& connection) {
        return answer_errand(connection, impl->membership, id, said);
      });
}

}  // namespace sluice::adapters::postgresql
