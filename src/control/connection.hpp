#pragma once

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <chrono>
#include <optional>

#include "routes.hpp"
#include "sluice/control/peer.hpp"

namespace sluice::control {

/// A connected client: its requests are answered one after the other.
class Connection {
 public:
  using Local = boost::asio::local::stream_protocol;
  using Moment = std::chrono::steady_clock::time_point;

  /// `patience`: for each request to come whole, and for each answer to be taken.
  Connection(Local::socket socket, Routes& routes, std::chrono::milliseconds patience);

  /// Until either side closes, or patience ends.
  ports::Task<void> serve();
  /// Ends serve(), soon. An answer under way is lost; what was commanded is done all the same.
  void close();

  /// Since when it has been idle; nullopt: a request is being answered, or it is closed.
  std::optional<Moment> idle_since() const { return idle_since_; }
  const Peer& peer() const { return peer_; }

 private:
  using Request = boost::beast::http::request<boost::beast::http::string_body>;
  ports::Task<std::optional<Request>> next_request();

  boost::beast::basic_stream<Local> stream_;
  boost::beast::flat_buffer buffer_;
  Routes& routes_;
  std::chrono::milliseconds patience_;
  Peer peer_;
  std::optional<Moment> idle_since_;
};

}  // namespace sluice::control
