#include "connection.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http.hpp>

#include <utility>

namespace sluice::control {

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {
constexpr std::uint64_t kLongestBody = 8ULL << 20;  // the hashes of some 400,000 orders
}

Connection::Connection(Local::socket socket, Routes& routes, std::chrono::milliseconds patience)
    : stream_(std::move(socket)),
      routes_(routes),
      patience_(patience),
      peer_(peer_of(stream_.socket().native_handle())),
      idle_since_(std::chrono::steady_clock::now()) {}

ports::Task<std::optional<Connection::Request>> Connection::next_request() {
  boost::system::error_code error;
  http::request_parser<http::string_body> parser;
  parser.body_limit(kLongestBody);
  stream_.expires_after(patience_);
  co_await http::async_read(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, error));
  idle_since_.reset();
  if (error) co_return std::nullopt;
  stream_.expires_never();  // a commit takes as long as the disk does
  co_return parser.release();
}

ports::Task<void> Connection::serve() {
  while (auto request = co_await next_request()) {
    auto answer = co_await routes_.answer({.method = std::string(request->method_string()),
                                           .target = std::string(request->target()),
                                           .body = std::move(request->body()),
                                           .user = user_name(peer_.user)});
    http::response<http::string_body> response(http::status(answer.status), request->version());
    response.set(http::field::content_type, answer.type);
    response.keep_alive(request->keep_alive());
    response.body() = std::move(answer.body);
    response.prepare_payload();
    boost::system::error_code error;
    stream_.expires_after(patience_);
    co_await http::async_write(stream_, response, asio::redirect_error(asio::use_awaitable, error));
    if (error || !request->keep_alive()) co_return;
    idle_since_ = std::chrono::steady_clock::now();
  }
}

void Connection::close() {
  idle_since_.reset();
  stream_.close();
}

}  // namespace sluice::control
