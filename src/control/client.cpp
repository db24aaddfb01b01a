#include "sluice/control/client.hpp"

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>

namespace sluice::control {

namespace {

namespace http = boost::beast::http;
using Local = boost::asio::local::stream_protocol;

/// The words of an {"error": …} answer.
std::string error_words(const std::string& body) {
  boost::system::error_code error;
  const auto value = boost::json::parse(body, error);
  if (error || !value.is_object()) return body;
  const auto* words = value.as_object().if_contains("error");
  return words != nullptr && words->is_string() ? std::string(words->as_string()) : body;
}

}  // namespace

Result<std::string> ask(const std::string& socket, const std::string& method, const std::string& target,
                        std::chrono::milliseconds patience) {
  try {
    boost::asio::io_context io;
    Local::socket peer(io);
    boost::system::error_code error;
    peer.connect(Local::endpoint(socket), error);
    if (error == boost::asio::error::access_denied) {
      return fail(ErrorKind::permission,
                  fmt::format("{}: only members of the socket's group may speak to the process that "
                              "runs (ls -l tells which group): join it, and log in again",
                              socket));
    }
    if (error) return fail(ErrorKind::missing, fmt::format("{}: {}", socket, error.message()));
    http::request<http::empty_body> request(http::string_to_verb(method), target, 11);
    request.set(http::field::host, "sluice");
    request.prepare_payload();
    boost::beast::flat_buffer buffer;
    http::response<http::string_body> response;
    error = boost::asio::error::timed_out;
    http::async_write(peer, request, [&](boost::system::error_code unsent, std::size_t) {
      if (unsent) {
        error = unsent;
        return;
      }
      http::async_read(peer, buffer, response, [&](boost::system::error_code broken, std::size_t) { error = broken; });
    });
    io.run_for(patience);
    if (error) {
      return fail(ErrorKind::io, fmt::format("{}: the daemon does not answer: {}; its log may say why (journalctl -u "
                                             "sluice)",
                                             socket, error.message()));
    }
    if (response.result() == http::status::ok) return response.body();
    return fail(response.result_int() < 500 ? ErrorKind::usage : ErrorKind::io, error_words(response.body()));
  } catch (const std::exception& thrown) {
    return fail(ErrorKind::io, fmt::format("{}: {}", socket, thrown.what()));
  }
}

}  // namespace sluice::control
