#pragma once

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "sluice/base/error.hpp"
#include "sluice/base/time.hpp"
#include "sluice/config/base_url.hpp"
#include "sluice/config/settings.hpp"
#include "sluice/ports/clock.hpp"
#include "upstream/counted_stream.hpp"
#include "upstream/lookup.hpp"
#include "upstream/race.hpp"

namespace sluice::adapters::upstream {

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

  /// DNS, TCP (whichever address answers first), TLS, together within connect_timeout. Kinds: network, certificate,
  /// no_handles, cancelled.
  ports::Task<Result<void>> open(std::shared_ptr<Lookup> lookup);

  /// Everything begun from here on must end within `limit`, or the connection breaks with beast::error::timeout.
  void expires_after(Millis limit);

  /// Begins to write all of it, beside whatever is read; `written` is called once if the kernel takes the last byte.
  void start_write(std::string bytes, std::function<void()> written);
  bool writing() const { return writing_; }
  /// Ends when the write has; close() first to make that soon. Nobody is called after it.
  ports::Task<void> write_ended();
  boost::system::error_code write_error() const { return write_error_; }

  struct Read {
    boost::system::error_code error;
    std::size_t bytes;
  };
  ports::Task<Read> read_some(boost::asio::mutable_buffer buffer);

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
  std::unexpected<Error> failed(const char* step, boost::system::error_code error) const;

  std::shared_ptr<const Peer> peer_;
  CountedStream stream_;
  std::optional<boost::asio::ssl::stream<CountedStream&>> tls_;
  std::shared_ptr<Race> race_;      ///< while connecting
  boost::asio::steady_timer bell_;  ///< patience while opening, end of the write later
  std::string request_;
  std::function<void()> written_;
  boost::system::error_code write_error_;
  boost::system::error_code read_error_;  ///< the last
  bool spoken_to_ = false;                ///< the peer has said something
  bool writing_ = false;
  bool cut_ = false;
};

}  // namespace sluice::adapters::upstream
