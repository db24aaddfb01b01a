#include "upstream/core.hpp"

#include <algorithm>
#include <utility>

#include "upstream/exchange.hpp"

namespace sluice::adapters::upstream {

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

ports::Task<Result<std::unique_ptr<ports::Connection>>> UpstreamCore::connect() {
  const auto self = shared_from_this();
  if (Idle idle = pool_->take(); idle.wire) co_return std::make_unique<Exchange>(self, std::move(idle));
  const auto wire = std::make_shared<Wire>(executor_, peer_);
  std::erase_if(wires_, [](const std::weak_ptr<Wire>& known) { return known.expired(); });
  wires_.push_back(wire);
  if (Result<void> opened = co_await wire->open(lookup_); !opened) co_return std::unexpected(std::move(opened.error()));
  co_return std::make_unique<Exchange>(self, idle_from_now(wire, kMostIdle));
}

void UpstreamCore::cut() {
  pool_->clear();
  for (const std::weak_ptr<Wire>& known : wires_)
    if (const auto wire = known.lock()) wire->cut();
}

void UpstreamCore::take_over(std::shared_ptr<const Peer> peer) {
  peer_ = std::move(peer);
  pool_->clear();
}

void UpstreamCore::give_back(Idle idle) {
  if (idle.wire->peer() == peer_) pool_->put(std::move(idle));
}

}  // namespace sluice::adapters::upstream
