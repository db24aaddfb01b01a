#pragma once

#include <memory>
#include <vector>

#include "sluice/ports/upstream.hpp"
#include "upstream_credential.hpp"
#include "upstream_lookup.hpp"
#include "upstream_pool.hpp"
#include "upstream_wire.hpp"

namespace sluice::adapters {

/// What an upstream and its connections share; the last of them takes it along.
class UpstreamCore : public std::enable_shared_from_this<UpstreamCore> {
 public:
  UpstreamCore(boost::asio::any_io_executor executor, const ports::Clock& clock, std::shared_ptr<const Peer> peer,
               Credential first);

  ports::Task<Result<std::unique_ptr<ports::Connection>>> connect();
  void cut();
  /// From now on another peer: idle connections to the last one are closed, and none comes back.
  void take_over(std::shared_ptr<const Peer> peer);

  /// To the peer of now, not idle for too long, not closed, nothing unasked on it.
  bool usable(const Idle& idle) const {
    return idle.wire->peer() == peer_ && clock_.now() < idle.until && idle.wire->quiet();
  }
  Idle idle_from_now(std::shared_ptr<Wire> wire, Nanos most) const { return {std::move(wire), clock_.now() + most}; }
  void give_back(Idle idle);

  Credential credential;

 private:
  boost::asio::any_io_executor executor_;
  const ports::Clock& clock_;
  std::shared_ptr<const Peer> peer_;
  std::shared_ptr<Lookup> lookup_;
  std::shared_ptr<Pool> pool_;
  std::vector<std::weak_ptr<Wire>> wires_;  ///< every one there is, for cut()
};

}  // namespace sluice::adapters
