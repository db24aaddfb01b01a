#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <string>

#include "sluice/base/error.hpp"
#include "sluice/pipeline/engine.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::control {

/// The daemon's side of the control socket: HTTP/1.1 over a Unix socket of mode 0660, so that `curl --unix-socket`
/// speaks to it, too. GET /status, GET /jobs/JOB; POST /jobs/JOB/{hold,release,cancel}, POST /jobs/JOB/resolve/
/// {applied,not-applied}, POST /pause, POST /resume. Answers are JSON; errors are {"error": words} with status 400,
/// 404, 409 or 503. Engine and ledger outlive it. One executor thread.
class Server {
 public:
  /// Removes a socket that a dead process left (the spool's lock is ours). Kind config: it can't be bound, and why.
  static Result<std::unique_ptr<Server>> open(boost::asio::any_io_executor executor, std::string path,
                                              pipeline::Engine& engine, ports::Ledger& ledger);
  /// Only after the executor has run out of the server's work: see stop().
  ~Server();
  /// Closes the socket and every connection, and removes the socket's file.
  void stop();

 private:
  class Impl;
  explicit Server(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace sluice::control
