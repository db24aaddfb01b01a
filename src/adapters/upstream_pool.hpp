#pragma once

#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <vector>

#include "sluice/ports/clock.hpp"
#include "upstream_wire.hpp"

namespace sluice::adapters {

/// docs/api.md: a kept-alive connection is reused only within this time of idleness.
inline constexpr Nanos kMostIdle = std::chrono::seconds(4);

/// A connection between exchanges, and until when it may be used again.
struct Idle {
  std::shared_ptr<Wire> wire;
  Boottime until;
};

/// Idle connections, the latest used first. Those too old are closed in time, so that none lingers half-closed.
class Pool : public std::enable_shared_from_this<Pool> {
 public:
  Pool(const boost::asio::any_io_executor& executor, const ports::Clock& clock) : clock_(clock), reaper_(executor) {}

  /// One that is young and quiet; its wire is null if there is none.
  Idle take();
  void put(Idle idle);
  void clear();

 private:
  void reap();

  const ports::Clock& clock_;
  boost::asio::steady_timer reaper_;
  bool reaping_ = false;
  std::vector<Idle> idle_;
};

}  // namespace sluice::adapters
