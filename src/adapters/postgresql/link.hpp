#pragma once

#include <optional>
#include <utility>

#include "postgresql/connection.hpp"
#include "postgresql/server.hpp"

namespace sluice::adapters::postgresql {

/// A connection that is opened when it is needed, and again when it was lost. For one thread.
class Link {
 public:
  explicit Link(Server server) : server_(std::move(server)) {}
  Link(Server server, Connection connection) : server_(std::move(server)), connection_(std::move(connection)) {}

  /// Valid until the next call.
  Result<Connection*> get() {
    // A server that went away while nothing was asked has told so, or is about to.
    if (connection_ && connection_->alive()) static_cast<void>(connection_->notified());
    if (connection_ && connection_->alive()) return &*connection_;
    auto opened = Connection::open(server_);
    if (!opened) return std::unexpected(opened.error());
    connection_ = std::move(*opened);
    return &*connection_;
  }

 private:
  Server server_;
  std::optional<Connection> connection_;
};

}  // namespace sluice::adapters::postgresql
