#pragma once

#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <optional>

#include "sluice/base/time.hpp"
#include "upstream/wire.hpp"

namespace sluice::adapters::upstream {

/// How long ago, at least, the peer's TCP acknowledged all that was written to this socket (tcp(7), TCP_INFO). nullopt:
/// it hasn't, or the kernel doesn't tell.
std::optional<Nanos> acknowledged_ago(int socket);

/// Finds out when the peer's TCP acknowledges a request. It looks a few times at growing distances: the kernel
/// remembers when the acknowledgement came, so a late look learns it too. Looks no more once it is gone.
class ArrivalWatch : public std::enable_shared_from_this<ArrivalWatch> {
 public:
  explicit ArrivalWatch(std::shared_ptr<Wire> wire);

  /// The request's last byte was handed to the kernel just now. `tell` is called at most once.
  void begin(std::function<void(Nanos ago)> tell);

 private:
  void look_after(Nanos pause);

  std::shared_ptr<Wire> wire_;
  boost::asio::steady_timer timer_;
  std::function<void(Nanos)> tell_;
};

}  // namespace sluice::adapters::upstream
