#include "connection.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>

namespace sluice::sandbox {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::uint64_t kMostBody = std::uint64_t{64} << 20U;  // beyond: not even a 413
constexpr std::size_t kSlowPieces = 10;
constexpr auto kSlowPause = std::chrono::milliseconds(300);

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

asio::awaitable<void> Connection::wait(Nanos duration) {
  if (duration <= Nanos{}) co_return;
  pause_.expires_after(duration);
  co_await pause_.async_wait(kAwait);
}

Nanos Connection::latency() {
  const auto jitter = shared_.options.jitter;
  if (jitter == Nanos{}) return shared_.options.latency;
  return shared_.options.latency +
         Nanos{std::uniform_int_distribution<std::int64_t>(0, jitter.count())(shared_.random)};
}

void Connection::reset() {
  error_code ignored;
  tcp_.socket().set_option(asio::socket_base::linger(true, 0), ignored);
  tcp_.close();
}

asio::awaitable<void> Connection::hang() {
  tcp_.expires_never();
  co_await tcp_.socket().async_wait(asio::socket_base::wait_read, kAwait);
}

template <class Stream>
asio::awaitable<void> StreamConnection<Stream>::serve() {
  error_code ignored;
  tcp_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  if constexpr (!std::is_same_v<Stream, beast::tcp_stream>) {
    tcp_.expires_after(shared_.options.keep_alive);
    const auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::server, kAwait);
    if (error) co_return;
  }
  while (co_await serve_one()) {
  }
  tcp_.close();
}

/// Whether the connection goes on after it.
template <class Stream>
asio::awaitable<bool> StreamConnection<Stream>::serve_one() {
  Parser parser;
  parser.body_limit(kMostBody);
  tcp_.expires_after(shared_.options.keep_alive);
  const auto [header_error, header_size] = co_await http::async_read_header(stream_, buffer_, parser, kAwait);
  if (header_error) co_return false;
  const Arrival arrival = shared_.api.arrived(view(parser.get().target()), shared_.clock.monotonic());
  const auto [body_error, body_size] = co_await http::async_read(stream_, buffer_, parser, kAwait);
  if (body_error) co_return false;
  auto& message = parser.get();
  Reply reply = shared_.api.answer(arrival,
                                   {.method = view(message.method_string()),
                                    .target = view(message.target()),
                                    .authorization = view(message[http::field::authorization]),
                                    .body = std::move(message.body())},
                                   shared_.clock.monotonic(), shared_.clock.wall());
  if (!arrival.inspection) co_await wait(latency());
  co_return co_await deliver(std::move(reply), parser.keep_alive());
}

template <class Stream>
asio::awaitable<bool> StreamConnection<Stream>::deliver(Reply reply, bool keep_alive) {
  const Act act = reply.act;
  if (act == Act::reset) reset();
  if (act == Act::hang) co_await hang();
  if (act == Act::reset || act == Act::hang || act == Act::close) co_return false;
  const bool announced = keep_alive && act != Act::say_close;
  std::string bytes = http_text(reply, announced);
  if (act == Act::truncate) bytes.resize(bytes.size() - reply.body.size() / 2 - 1);
  const bool sent = act == Act::slow ? co_await send_slowly(std::move(bytes)) : co_await send(std::move(bytes));
  if (sent) shared_.api.answered(reply, shared_.clock.monotonic());
  co_return sent&& announced&& act != Act::truncate&& act != Act::drop_after;
}

template <class Stream>
asio::awaitable<bool> StreamConnection<Stream>::send(std::string bytes) {
  tcp_.expires_after(shared_.options.keep_alive);
  const auto [error, size] = co_await asio::async_write(stream_, asio::buffer(bytes), kAwait);
  co_return !error;
}

template <class Stream>
asio::awaitable<bool> StreamConnection<Stream>::send_slowly(std::string bytes) {
  const std::size_t piece = bytes.size() / kSlowPieces + 1;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    if (!co_await send(bytes.substr(at, piece))) co_return false;
    co_await wait(kSlowPause);
  }
  co_return true;
}

template class StreamConnection<beast::tcp_stream>;
template class StreamConnection<asio::ssl::stream<beast::tcp_stream>>;

}  // namespace sluice::sandbox
