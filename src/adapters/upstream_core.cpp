#include "upstream_core.hpp"

#include <utility>

#include "upstream_lease.hpp"

namespace sluice::adapters {

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
  if (Idle idle = pool_->take(); idle.wire) co_return std::make_unique<Lease>(self, std::move(idle));
  const auto wire = std::make_shared<Wire>(executor_, peer_);
  std::erase_if(wires_, [](const std::weak_ptr<Wire>& known) { return known.expired(); });
  wires_.push_back(wire);
  if (Result<void> opened = co_await wire->open(lookup_); !opened) co_return std::unexpected(std::move(opened.error()));
  co_return std::make_unique<Lease>(self, idle_from_now(wire, kMostIdle));
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

}  // namespace sluice::adapters
