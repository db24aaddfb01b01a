#include "upstream/core.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <utility>

#include "upstream/exchange.hpp"

namespace sluice::adapters::upstream {

namespace asio = boost::asio;

Idle Pool::take() {
  while (!idle_.empty()) {
    Idle latest = std::move(idle_.back());
    idle_.pop_back();
    if (clock_.now() < latest.until && latest.wire->quiet()) return latest;
    latest.wire->close();
  }
  return {};
}

void Pool::put(Idle idle) {
  if (idle.until <= clock_.now()) return idle.wire->close();
  idle_.push_back(std::move(idle));
  reap();
}

void Pool::clear() {
  for (const Idle& idle : idle_) idle.wire->close();
  idle_.clear();
  reaper_.cancel();
}

void Pool::reap() {
  if (std::exchange(reaping_, !idle_.empty()) || idle_.empty()) return;
  const auto first = std::ranges::min_element(idle_, {}, &Idle::until);
  reaper_.expires_after(first->until - clock_.now());
  reaper_.async_wait([weak = weak_from_this()](boost::system::error_code) {
    const auto self = weak.lock();
    if (!self) return;
    const Boottime now = self->clock_.now();
    std::erase_if(self->idle_, [now](const Idle& idle) { return idle.until <= now; });
    self->reaping_ = false;
    self->reap();
  });
}

UpstreamCore::UpstreamCore(boost::asio::any_io_executor executor, const ports::Clock& clock,
                           std::shared_ptr<const Peer> peer, Credential first)
    : credential(std::move(first)),
      executor_(executor),
      clock_(clock),
      peer_(std::move(peer)),
      lookup_(std::make_shared<Lookup>(executor)),
      pool_(std::make_shared<Pool>(executor, clock)) {}

/// Somebody in connect().
struct UpstreamCore::Asker {
  explicit Asker(const asio::any_io_executor& executor) : bell(executor, asio::steady_timer::time_point::max()) {}
  void settle(Result<Idle> with) {
    outcome = std::move(with);
    bell.cancel();
  }
  asio::steady_timer bell;
  std::optional<Result<Idle>> outcome;
};

ports::Task<Result<std::unique_ptr<ports::Connection>>> UpstreamCore::connect() {
  const auto self = shared_from_this();
  if (Idle idle = pool_->take(); idle.wire) co_return std::make_unique<Exchange>(self, std::move(idle));
  if (refusal_) co_return std::unexpected(*std::exchange(refusal_, std::nullopt));
  const auto asker = std::make_shared<Asker>(executor_);
  askers_.push_back(asker);
  open_for(asker);
  while (!asker->outcome) co_await asker->bell.async_wait(asio::as_tuple(asio::use_awaitable));
  if (!*asker->outcome) co_return std::unexpected(std::move(asker->outcome->error()));
  co_return std::make_unique<Exchange>(self, std::move(**asker->outcome));
}

void UpstreamCore::open_for(const std::shared_ptr<Asker>& asker) {
  const auto wire = std::make_shared<Wire>(executor_, peer_);
  std::erase_if(wires_, [](const std::weak_ptr<Wire>& known) { return known.expired(); });
  wires_.push_back(wire);
  openings_.push_back(wire);
  asio::co_spawn(executor_, wire->open(lookup_),
                 [self = shared_from_this(), wire, asker = std::weak_ptr(asker)](const std::exception_ptr& failed,
                                                                                 Result<void> result) {
                   if (failed) std::rethrow_exception(failed);
                   self->opened(wire, asker.lock(), std::move(result));
                 });
}

void UpstreamCore::opened(const std::shared_ptr<Wire>& wire, const std::shared_ptr<Asker>& asker, Result<void> result) {
  std::erase(openings_, wire);
  const bool waited_for = asker && !asker->outcome;
  if (!result) {
    if (waited_for) asker->settle(std::unexpected(std::move(result.error())));
    return;
  }
  Idle idle = idle_from_now(wire, kMostIdle);
  if (waited_for)
    asker->settle(std::move(idle));
  else
    give_back(std::move(idle));
}

std::shared_ptr<UpstreamCore::Asker> UpstreamCore::first_waiting() {
  const auto waits = [](const std::weak_ptr<Asker>& known) {
    const auto asker = known.lock();
    return asker && !asker->outcome;
  };
  std::erase_if(askers_, std::not_fn(waits));
  return askers_.empty() ? nullptr : askers_.front().lock();
}

void UpstreamCore::cut() {
  pool_->clear();
  for (const std::weak_ptr<Wire>& known : wires_)
    if (const auto wire = known.lock()) wire->cut();
}

void UpstreamCore::end_openings() {
  for (const auto& wire : openings_) wire->cut();
}

void UpstreamCore::take_over(std::shared_ptr<const Peer> peer) {
  peer_ = std::move(peer);
  refusal_.reset();
  pool_->clear();
}

bool UpstreamCore::usable(const Idle& idle) {
  if (idle.wire->peer() != peer_ || clock_.now() >= idle.until) return false;
  if (idle.wire->quiet()) return true;
  if (auto refusal = idle.wire->refusal()) refusal_ = std::move(refusal);
  return false;
}

void UpstreamCore::give_back(Idle idle) {
  if (idle.wire->peer() != peer_) return;
  const auto asker = first_waiting();
  if (asker && usable(idle))
    asker->settle(std::move(idle));
  else
    pool_->put(std::move(idle));
}

}  // namespace sluice::adapters::upstream
