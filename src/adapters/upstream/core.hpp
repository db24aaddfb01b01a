#pragma once

#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "sluice/ports/upstream.hpp"
#include "upstream/credential.hpp"
#include "upstream/limits.hpp"
#include "upstream/lookup.hpp"
#include "upstream/wire.hpp"

namespace sluice::adapters::upstream {

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

/// What an upstream and its connections share; the last of them takes it along. An opening goes on when whoever it was
/// started for has got another connection meanwhile, and serves the next caller: so a handshake that takes longer than
/// an exchange isn't started over and over. It ends within connect_timeout, with cut(), or with the upstream.
class UpstreamCore : public std::enable_shared_from_this<UpstreamCore> {
 public:
  UpstreamCore(boost::asio::any_io_executor executor, const ports::Clock& clock, std::shared_ptr<const Peer> peer,
               Credential first);

  ports::Task<Result<std::unique_ptr<ports::Connection>>> connect();
  void cut();
  /// Nobody will ask for a connection any more.
  void end_openings();
  /// From now on another peer: idle connections to the last one are closed, and none comes back.
  void take_over(std::shared_ptr<const Peer> peer);

  /// To the peer of now, not idle for too long, not closed, nothing unasked on it.
  bool usable(const Idle& idle);
  Idle idle_from_now(std::shared_ptr<Wire> wire, Nanos most) const { return {std::move(wire), clock_.now() + most}; }
  /// To somebody who waits in connect(), or into the pool.
  void give_back(Idle idle);

  Credential credential;

 private:
  struct Asker;
  void open_for(const std::shared_ptr<Asker>& asker);
  void opened(const std::shared_ptr<Wire>& wire, const std::shared_ptr<Asker>& asker, Result<void> result);
  std::shared_ptr<Asker> first_waiting();

  boost::asio::any_io_executor executor_;
  const ports::Clock& clock_;
  std::shared_ptr<const Peer> peer_;
  std::shared_ptr<Lookup> lookup_;
  std::shared_ptr<Pool> pool_;
  std::vector<std::weak_ptr<Wire>> wires_;       ///< every one there is, for cut()
  std::vector<std::shared_ptr<Wire>> openings_;  ///< those under way
  std::vector<std::weak_ptr<Asker>> askers_;     ///< in connect(), the longest waiting first
  std::optional<Error> refusal_;                 ///< found on a fresh connection, for the next connect() to report
};

}  // namespace sluice::adapters::upstream
