#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/base/error.hpp"
#include "sluice/ports/clock.hpp"
#include "web/reply.hpp"

namespace sluice::control::web {

using Stream = boost::beast::basic_stream<boost::asio::generic::stream_protocol>;

/// One request on a connection, and its answer: HTTP/1.1 with everything bounded. A request's head has 16 KiB and
/// `patience`, and so has each step of its body and of its answer. Stream and buffer outlive it.
class Exchange {
 public:
  Exchange(Stream& stream, boost::beast::flat_buffer& buffer, std::chrono::milliseconds patience);
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  /// Another patience from now on.
  void wait_for(std::chrono::milliseconds patience);
  /// False: nobody asks (any more), or what came is no HTTP.
  ports::Task<bool> read_head();

  const std::string& method() const;
  const std::string& target() const;  ///< as it came
  const std::string& path() const;    ///< decoded, without the query
  /// A parameter of the query, decoded; empty: it is not there.
  std::string parameter(std::string_view name) const;
  /// A header; nothing: it is not there, or there more than once.
  std::optional<std::string> header(std::string_view name) const;
  /// What the head says of the body's length; nothing: it does not say.
  std::optional<std::uint64_t> length() const;

  /// The body is to have come by then, however it drips; as it stands: body() within `patience`, piece() at any time.
  void ends_within(std::chrono::milliseconds time);
  /// The whole body. Kind bad_input: it is longer than that; network: it broke off.
  ports::Task<Result<std::string>> body(std::uint64_t most);
  /// The body's next piece, at most 64 KiB; empty: it has ended. Kind network: it broke off.
  ports::Task<Result<std::string>> piece();

  /// Headers of every answer, whatever comes of the request.
  void always(std::vector<std::pair<std::string, std::string>> headers);
  /// Once, unless begin() was.
  ports::Task<void> answer(Reply reply);
  /// An answer that comes in pieces: `length` bytes, or until the connection ends. False: nobody is there any more.
  ports::Task<bool> begin(Reply reply, std::optional<std::uint64_t> length);
  ports::Task<bool> send(std::string bytes);

  /// What was begun can't be kept: the other side is to see that it broke off.
  void give_up();
  /// The connection can carry another exchange.
  bool may_go_on() const;

 private:
  struct Wire;
  ports::Task<void> linger();
  std::unique_ptr<Wire> wire_;
};

}  // namespace sluice::control::web
