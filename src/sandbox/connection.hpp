#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <random>
#include <string>
#include <type_traits>

#include "api.hpp"
#include "clock.hpp"

namespace sluice::sandbox {

/// What all connections of a server share.
struct Shared {
  Api& api;
  const Clock& clock;
  const Options& options;
  std::mt19937_64 random;  ///< for the jitter
};

/// One connection, plain or TLS, until either side ends it.
class Connection {
 public:
  Connection(boost::beast::tcp_stream& tcp, Shared& shared) : tcp_(tcp), pause_(tcp.get_executor()), shared_(shared) {}
  virtual ~Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  virtual boost::asio::awaitable<void> serve() = 0;
  /// Ends it wherever it stands.
  void cut() {
    pause_.cancel();
    tcp_.close();
  }

 protected:
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  /// After the latency: until the answer is due.
  boost::asio::awaitable<void> wait(Nanos duration);
  Nanos latency();
  /// Drops the connection with a TCP reset.
  void reset();
  /// Holds the connection without a word until the peer gives up.
  boost::asio::awaitable<void> hang();

  boost::beast::tcp_stream& tcp_;
  boost::asio::steady_timer pause_;
  Shared& shared_;
};

/// A base of its own, so that the stream is there before the Connection that refers to it.
template <class Stream>
struct StreamHolder {
  template <class... Args>
  explicit StreamHolder(Args&&... args) : stream_(std::forward<Args>(args)...) {}
  Stream stream_;
};

template <class Stream>
class StreamConnection : private StreamHolder<Stream>, public Connection {
 public:
  template <class... Args>
  explicit StreamConnection(Shared& shared, Args&&... args)
      : StreamHolder<Stream>(std::forward<Args>(args)...),
        Connection(boost::beast::get_lowest_layer(this->stream_), shared) {}

  boost::asio::awaitable<void> serve() override;

 private:
  boost::asio::awaitable<bool> serve_one();
  boost::asio::awaitable<bool> deliver(Reply reply, bool keep_alive);
  boost::asio::awaitable<bool> send(std::string bytes);
  boost::asio::awaitable<bool> send_slowly(std::string bytes);

  using StreamHolder<Stream>::stream_;
  boost::beast::flat_buffer buffer_;
};

using PlainConnection = StreamConnection<boost::beast::tcp_stream>;
using TlsConnection = StreamConnection<boost::asio::ssl::stream<boost::beast::tcp_stream>>;
extern template class StreamConnection<boost::beast::tcp_stream>;
extern template class StreamConnection<boost::asio::ssl::stream<boost::beast::tcp_stream>>;

}  // namespace sluice::sandbox
