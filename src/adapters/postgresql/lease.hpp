#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "posix/fd.hpp"
#include "postgresql/connection.hpp"
#include "postgresql/membership.hpp"
#include "postgresql/server.hpp"
#include "sluice/ports/clock.hpp"

namespace sluice::adapters::postgresql {

/// How long a renewal allows to start requests, from when it was sent: shorter than kLease by all that a request takes
/// to be on its way.
inline constexpr std::chrono::seconds kMaySend{20};

/// Renews a host's lease, and hears what other hosts say, on a thread and a connection of its own: no commit that hangs
/// can keep it from renewing.
class Lease {
 public:
  /// `joined`: when the request that gave the membership was sent. `changed` is called on the thread: another host may
  /// have done something, or the lease is lost.
  Lease(Server server, Membership membership, Boottime joined, const ports::Clock& clock,
        std::function<void()> changed);
  /// Ends the lease, where the server can be reached.
  ~Lease();
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  /// From any thread. No request starts from then on; in the past once another host has taken over.
  Boottime until() const { return Boottime(Nanos(until_.load())); }

 private:
  void work();
  Result<void> renew_once();
  Result<void> connect();
  void listen_until(Boottime until);
  void fence();

  Server server_;
  Membership membership_;
  const ports::Clock& clock_;
  std::function<void()> changed_;
  std::optional<Connection> connection_;
  bool fenced_ = false;
  std::atomic<std::int64_t> until_;
  std::atomic<bool> ends_ = false;
  posix::Fd bell_;       ///< eventfd(2): wakes the thread for its end
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace sluice::adapters::postgresql
