#include "upstream/race.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "upstream/limits.hpp"

namespace sluice::adapters::upstream {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

Race::Race(const asio::any_io_executor& executor, std::vector<Endpoint> endpoints)
    : executor_(executor), bell_(executor), endpoints_(std::move(endpoints)), error_(asio::error::host_not_found) {}

ports::Task<std::optional<tcp::socket>> Race::run(Time until) {
  using SteadyClock = asio::steady_timer::clock_type;
  const auto self = shared_from_this();
  Time next = SteadyClock::now();
  while (!first_ && !stopped_ && SteadyClock::now() < until) {
    const bool more = attempts_.size() < endpoints_.size();
    if (more && (pending_ == 0 || SteadyClock::now() >= next)) {
      start_next();
      next = SteadyClock::now() + kAddressHeadStart;
      continue;
    }
    if (pending_ == 0) co_return std::nullopt;
    bell_.expires_at(more ? std::min(next, until) : until);
    co_await bell_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  const bool won = first_ && !stopped_;
  if (!won) error_ = asio::error::operation_aborted;
  stopped_ = true;
  for (std::size_t i = 0; i < attempts_.size(); ++i) {
    error_code ignored;
    if (!won || i != *first_) attempts_[i]->socket.close(ignored);
  }
  if (!won) co_return std::nullopt;
  winning_ = endpoints_[*first_];
  co_return std::move(attempts_[*first_]->socket);
}

void Race::stop() {
  stopped_ = true;
  bell_.cancel();
}

std::vector<Race::Passed> Race::passed() const {
  std::vector<Passed> passed;
  for (std::size_t i = 0; i < first_.value_or(0); ++i) passed.push_back({endpoints_[i], attempts_[i]->error});
  return passed;
}

void Race::start_next() {
  const std::size_t which = attempts_.size();
  attempts_.push_back(std::make_unique<Attempt>(Attempt{.socket = tcp::socket(executor_), .error = {}}));
  ++pending_;
  attempts_.back()->socket.async_connect(
      endpoints_[which], [self = shared_from_this(), which](error_code error) { self->ended(which, error); });
}

void Race::ended(std::size_t which, error_code error) {
  --pending_;
  if (stopped_ || first_) return;
  error_code ignored;
  attempts_[which]->error = error_ = error;
  if (error)
    attempts_[which]->socket.close(ignored);
  else
    first_ = which;
  bell_.cancel();
}

}  // namespace sluice::adapters::upstream
