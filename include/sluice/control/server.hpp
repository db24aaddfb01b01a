#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "sluice/base/error.hpp"
#include "sluice/pipeline/engine.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::control {

class Web;

/// Bounds on what a client that merely connects can cost.
struct ServerLimits {
  /// When so many are connected, the one that has been idle longest goes. Root and the daemon's own user go for nobody
  /// and always get in.
  std::size_t connections = 32;
  /// From the connection, or from the answer before, until a request has come whole.
  std::chrono::milliseconds request{5'000};
};

/// The daemon's side of the control socket: HTTP/1.1 over a Unix socket of mode 0660, so that `curl --unix-socket`
/// speaks to it, too. GET /status, GET /metrics, GET /jobs/JOB, GET /doubts, GET /content/HASH/SINCE; POST /history,
/// /find, /placed, /jobs/JOB/{hold,release,cancel}, POST /jobs/JOB/resolve (resolution_json.hpp) or
/// /jobs/JOB/resolve/{applied,not-applied}, POST /pause, POST /resume. What is done is noted as done by the peer's user
/// (unix(7), SO_PEERCRED). Answers are JSON but for /metrics; errors are {"error": words} with status 400, 404, 409 or
/// 503. Besides, where there is a Web, its routes under /v1 (docs/control-api.md). Engine, ledger, clock and web
/// outlive it. One executor thread.
class Server {
 public:
  /// Removes a socket that a dead process left (the spool's lock is ours). Kind config: it can't be bound, and why.
  static Result<std::unique_ptr<Server>> open(boost::asio::any_io_executor executor, std::string path,
                                              pipeline::Engine& engine, ports::Ledger& ledger, ports::Clock& clock,
                                              ServerLimits limits = {}, Web* web = nullptr);
  /// After stop(), and when the executor has run out of the server's work; else aborts.
  ~Server();
  /// Closes the socket and every connection, and removes the socket's file.
  void stop();

 private:
  class Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::control
