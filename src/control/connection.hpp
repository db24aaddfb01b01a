#pragma once

#include <boost/asio/local/stream_protocol.hpp>

#include <chrono>
#include <optional>

#include "routes.hpp"
#include "sluice/control/peer.hpp"
#include "web/call.hpp"
#include "web/exchange.hpp"

namespace sluice::control {

/// A connected client: its requests are answered one after the other.
class Connection {
 public:
  using Local = boost::asio::local::stream_protocol;
  using Moment = std::chrono::steady_clock::time_point;

  /// `patience`: for each request to come whole, and for each answer to be taken. `desk`: answers /v1; null: nobody.
  Connection(Local::socket socket, Routes& routes, web::Desk* desk, std::chrono::milliseconds patience);

  /// Until either side closes, or patience ends.
  ports::Task<void> serve();
  /// Ends serve(), soon. An answer under way is lost; what was commanded is done all the same.
  void close();

  /// Since when it has been idle; nullopt: a request is being answered, or it is closed.
  std::optional<Moment> idle_since() const { return idle_since_; }
  const Peer& peer() const { return peer_; }

 private:
  ports::Task<void> answer(web::Exchange& exchange);

  web::Stream stream_;
  boost::beast::flat_buffer buffer_;
  Routes& routes_;
  web::Desk* desk_;
  std::chrono::milliseconds patience_;
  Peer peer_;
  web::Account account_;
  std::optional<Moment> idle_since_;
};

}  // namespace sluice::control
