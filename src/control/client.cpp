#include "sluice/control/client.hpp"

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>

#include "printable.hpp"
#include "sluice/control/peer.hpp"

namespace sluice::control {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Local = asio::local::stream_protocol;

constexpr std::uint64_t kLongestAnswer = 64ULL << 20;

/// The words of an {"error": …} answer.
std::string error_words(const std::string& body) {
  boost::system::error_code error;
  const auto value = boost::json::parse(body, error);
  if (error || !value.is_object()) return body;
  const auto* words = value.as_object().if_contains("error");
  return words != nullptr && words->is_string() ? std::string(words->as_string()) : body;
}

Result<void> connect(Local::socket& peer, const std::string& socket, uid_t owner) {
  boost::system::error_code error;
  peer.connect(Local::endpoint(socket), error);
  if (error == asio::error::access_denied) {
    return fail(ErrorKind::permission,
                fmt::format("{}: only members of the socket's group may speak to the process that "
                            "runs (ls -l tells which group): join it, and log in again",
                            socket));
  }
  if (error) return fail(ErrorKind::missing, fmt::format("{}: {}", socket, error.message()));
  const auto listener = peer_of(peer.native_handle());
  if (listener.is_trusted() || listener.user == owner) return {};
  return fail(ErrorKind::permission,
              fmt::format("{}: a process of {} listens there, who is neither root nor the spool's owner: what it says "
                          "is not believed. See who made that socket (ls -l), and remove it",
                          socket, user_name(listener.user)));
}

/// What went wrong on the way, in words.
std::unexpected<Error> unanswered(const std::string& socket, const boost::system::error_code& error) {
  const bool closed = error == http::error::end_of_stream || error == http::error::partial_message ||
                      error == asio::error::connection_reset || error == asio::error::broken_pipe;
  if (closed) return fail(ErrorKind::network, fmt::format("{}: the daemon ended without an answer", socket));
  return fail(ErrorKind::io, fmt::format("{}: the daemon does not answer: {}; its log may say why (journalctl -u "
                                         "sluice)",
                                         socket, error.message()));
}

}  // namespace

Result<std::string> ask(const std::string& socket, const Request& request, uid_t owner,
                        std::chrono::milliseconds patience) {
  try {
    asio::io_context io;
    Local::socket peer(io);
    if (auto connected = connect(peer, socket, owner); !connected) return std::unexpected(connected.error());
    http::request<http::string_body> message(http::string_to_verb(request.method), request.target, 11, request.body);
    message.set(http::field::host, "sluice");
    message.prepare_payload();
    boost::beast::flat_buffer buffer;
    http::response_parser<http::string_body> response;
    response.body_limit(kLongestAnswer);
    boost::system::error_code error = asio::error::timed_out;
    http::async_write(peer, message, [&](boost::system::error_code unsent, std::size_t) {
      if (unsent) {
        error = unsent;
        return;
      }
      http::async_read(peer, buffer, response, [&](boost::system::error_code broken, std::size_t) { error = broken; });
    });
    io.run_for(patience);
    if (error) return unanswered(socket, error);
    auto& answer = response.get();
    if (answer.result() == http::status::ok) return std::move(answer.body());
    return fail(answer.result_int() < 500 ? ErrorKind::usage : ErrorKind::io, printable(error_words(answer.body())));
  } catch (const std::exception& thrown) {
    return fail(ErrorKind::io, fmt::format("{}: {}", socket, thrown.what()));
  }
}

}  // namespace sluice::control
