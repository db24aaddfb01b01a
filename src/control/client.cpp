#include "sluice/control/client.hpp"

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>

#include "printable.hpp"
#include "sluice/control/peer.hpp"
#include "sluice/text/system_words.hpp"
#include "sluice/text/words/operating.hpp"

namespace sluice::control {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace words = text::words;
using Local = asio::local::stream_protocol;

constexpr std::uint64_t kLongestAnswer = 64ULL << 20;

/// The words of an {"error": …, "error_zh": …} answer, or of a problem's (RFC 9457) "detail".
std::string error_words(const std::string& body) {
  boost::system::error_code error;
  const auto value = boost::json::parse(body, error);
  const auto text_of = [&](std::string_view key) {
    const auto* text = error || !value.is_object() ? nullptr : value.as_object().if_contains(key);
    return text != nullptr && text->is_string() ? printable(text->as_string()) : "";
  };
  const bool problem = text_of("error").empty();
  const auto english = text_of(problem ? "detail" : "error");
  if (english.empty()) return printable(body);
  const auto chinese = text_of(problem ? "detail_zh" : "error_zh");
  return chinese.empty() ? english : text::both(english, chinese);
}

Result<void> connect(Local::socket& peer, const std::string& socket, uid_t owner) {
  boost::system::error_code error;
  peer.connect(Local::endpoint(socket), error);
  if (error == asio::error::access_denied) {
    return fail(ErrorKind::permission, words::only_members(socket));
  }
  if (error) return fail(ErrorKind::missing, fmt::format("{}: {}", socket, text::system_words(error.value())));
  const auto listener = peer_of(peer.native_handle());
  if (listener.is_trusted() || listener.user == owner) return {};
  return fail(ErrorKind::permission, words::stranger_listens(socket, user_name(listener.user)));
}

/// What went wrong on the way, in words.
std::unexpected<Error> unanswered(const std::string& socket, const boost::system::error_code& error) {
  const bool closed = error == http::error::end_of_stream || error == http::error::partial_message ||
                      error == asio::error::connection_reset || error == asio::error::broken_pipe;
  if (closed) return fail(ErrorKind::network, words::daemon_ended(socket));
  return fail(ErrorKind::io, words::daemon_silent(socket, error.message()));
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
    return fail(answer.result_int() < 500 ? ErrorKind::usage : ErrorKind::io, error_words(answer.body()));
  } catch (const std::exception& thrown) {
    return fail(ErrorKind::io, fmt::format("{}: {}", socket, thrown.what()));
  }
}

}  // namespace sluice::control
