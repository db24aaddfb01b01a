#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string>

#include "sluice/base/error.hpp"
#include "sluice/base/time.hpp"
#include "sluice/orders/answer.hpp"
#include "sluice/ports/clock.hpp"

namespace sluice::ports {

/// An exchange that brought no complete answer head.
struct Broken {
  bool bytes_out = false;  ///< the first byte of the request may have left: maybe applied. False: known not to have.
  Error error;
};

/// Who is told how far a request has come while its answer is waited for.
struct Progress {
  std::function<void()> written = [] {};  ///< once, when the last byte was handed to the kernel
  /// After that and before the exchange ends, at most once: the peer's TCP acknowledged the last byte, at least so long
  /// ago. Behind a proxy it proves no more than the arrival there.
  std::function<void(Nanos ago)> acknowledged = [](Nanos) {};
};

/// A live connection, leased for one exchange; destroying it gives it back to the pool or closes it.
class Connection {
 public:
  virtual ~Connection() = default;
  /// Whether it can carry a request now: not closed by the peer, not idle for too long. Never blocks; asked right
  /// before a slot is taken.
  virtual bool usable() = 0;
  /// Sends one request and reads its answer (capped in size, truncated where cut). `path` is under base_url.
  /// Ends within response_timeout.
  virtual Task<std::expected<orders::HttpReply, Broken>> post(std::string path, std::string body,
                                                              std::string request_id, Progress progress) = 0;
};

/// The API's host.
class Upstream {
 public:
  virtual ~Upstream() = default;
  /// A connection from the pool or a new one (DNS, TCP, TLS with host name check) within connect_timeout.
  /// Kinds: network, certificate (also: what refused the last connection as soon as it was up), cancelled.
  virtual Task<Result<std::unique_ptr<Connection>>> connect() = 0;
  /// Reads the credential's source again; true when its value differs from the last one read. An empty or unreadable
  /// source is no change (the error says why, never the value).
  virtual Task<Result<bool>> refresh_credential() = 0;
  /// Cuts every exchange and connect under way; they end at once (Broken, cancelled).
  virtual void cut() = 0;
};

}  // namespace sluice::ports
