#pragma once

#include <boost/asio/compose.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "sluice/base/error.hpp"
#include "sluice/base/time.hpp"
#include "sluice/config/base_url.hpp"
#include "sluice/config/settings.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/text/sentence.hpp"
#include "upstream/lookup.hpp"
#include "upstream/race.hpp"

namespace sluice::adapters::upstream {

/// A TCP stream that counts the bytes the kernel took. Under TLS this is the only place that knows: the layers above
/// report nothing of a write that failed halfway.
class CountedStream {
 public:
  using next_layer_type = boost::beast::tcp_stream;
  using lowest_layer_type = next_layer_type::socket_type::lowest_layer_type;
  using executor_type = next_layer_type::executor_type;

  explicit CountedStream(const executor_type& executor) : next_(executor) {}

  next_layer_type& next_layer() { return next_; }
  lowest_layer_type& lowest_layer() { return next_.socket().lowest_layer(); }
  executor_type get_executor() { return next_.get_executor(); }
  std::uint64_t written() const { return written_; }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_compose<Token, void(boost::system::error_code, std::size_t)>(
        [this, buffers, started = false](auto& self, boost::system::error_code error = {},
                                         std::size_t bytes = 0) mutable {
          if (!std::exchange(started, true)) {
            const Buffers mine = buffers;  // self takes this very lambda with it
            next_.async_write_some(mine, std::move(self));
            return;
          }
          written_ += bytes;
          self.complete(error, bytes);
        },
        token, next_);
  }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return next_.async_read_some(buffers, std::forward<Token>(token));
  }

  // For a look that must not block: the socket is non-blocking.
  template <class Buffers>
  std::size_t read_some(const Buffers& buffers, boost::system::error_code& error) {
    return next_.socket().read_some(buffers, error);
  }
  template <class Buffers>
  std::size_t write_some(const Buffers& buffers, boost::system::error_code& error) {
    const std::size_t bytes = next_.socket().write_some(buffers, error);
    written_ += bytes;
    return bytes;
  }

 private:
  next_layer_type next_;
  std::uint64_t written_ = 0;
};

/// Whom to speak to and how: never changed, but replaced as a whole.
struct Peer {
  config::BaseUrl url;
  std::string ca_file;
  Millis connect_timeout;
  Millis response_timeout;
  std::shared_ptr<boost::asio::ssl::context> tls;  ///< null: plain
};

/// One TCP or TLS connection: bytes out, bytes in, and what is known of both. Operations under way keep it alive.
class Wire : public std::enable_shared_from_this<Wire> {
 public:
  Wire(const boost::asio::any_io_executor& executor, std::shared_ptr<const Peer> peer);

  const std::shared_ptr<const Peer>& peer() const { return peer_; }
  boost::asio::any_io_executor executor() { return stream_.get_executor(); }
  /// -1 once it is closed.
  int socket() { return stream_.next_layer().socket().native_handle(); }

  /// DNS, TCP (whichever address answers first), TLS, together within connect_timeout. Kinds: network, certificate,
  /// no_handles, cancelled.
  ports::Task<Result<void>> open(std::shared_ptr<Lookup> lookup);

  /// Everything started from here on must end within `limit`, or the connection breaks with beast::error::timeout.
  void expires_after(Millis limit);

  /// Begins to write all of it, beside whatever is read; `written` is called once if the kernel takes the last byte.
  void start_write(std::string bytes, std::function<void()> written);
  bool writing() const { return writing_; }
  /// Ends when the write has; close() first to make that soon. Nobody is called after it.
  ports::Task<void> write_ended();
  boost::system::error_code write_error() const { return write_error_; }

  struct Read {
    boost::system::error_code error;
    std::string_view bytes;  ///< until the next read
  };
  ports::Task<Read> read_some();

  /// How many bytes the kernel took since the beginning.
  std::uint64_t bytes_out() const { return stream_.written(); }
  /// The fatal TLS alert, in words, by which the peer refused us before it said anything else. With TLS 1.3 a server
  /// may do so after our side of the handshake is done (RFC 8446, 4.4.2.4): nothing of a request was looked at.
  std::optional<Error> refusal() const;

  /// Open, and the peer has neither ended it nor said anything unasked. Never blocks; only between exchanges.
  bool quiet();
  void close();
  /// close(), and `written` is not called any more.
  void abandon();

  /// close(), for good and by our own will.
  void cut();
  bool was_cut() const { return cut_; }

 private:
  ports::Task<Result<void>> connect(std::vector<Endpoint> found, KnownAddresses& known);
  ports::Task<Result<void>> shake_hands();
  std::unexpected<Error> not_loopback() const;
  std::unexpected<Error> failed(const text::Sentence<0>& step, boost::system::error_code error) const;

  std::shared_ptr<const Peer> peer_;
  CountedStream stream_;
  std::optional<boost::asio::ssl::stream<CountedStream&>> tls_;
  std::shared_ptr<Race> race_;      ///< while connecting
  boost::asio::steady_timer bell_;  ///< patience while opening, end of the write later
  std::string request_;
  std::unique_ptr<char[]> came_;  ///< what was read last
  std::function<void()> written_;
  boost::system::error_code write_error_;
  boost::system::error_code read_error_;  ///< the last
  bool spoken_to_ = false;                ///< the peer has said something
  bool writing_ = false;
  bool cut_ = false;
};

}  // namespace sluice::adapters::upstream
