#include "web/exchange.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include "sluice/text/words/web.hpp"
#include "web/query.hpp"

namespace sluice::control::web {

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

constexpr std::uint32_t kLongestHead = 16 * 1024;
constexpr std::size_t kPiece = 64 * 1024;
/// Of a body that nobody wants, so much is read after the answer: where a connection is closed on bytes that were not
/// read, TCP may take back the answer before it is read at the other end.
constexpr std::size_t kLinger = 64ULL << 20;
constexpr auto kLingerFor = std::chrono::seconds(3);

auto awaited(boost::system::error_code& error) {
  return asio::redirect_error(asio::use_awaitable, error);
}

}  // namespace

struct Exchange::Wire {
  Stream& stream;
  boost::beast::flat_buffer& buffer;
  std::chrono::milliseconds patience;
  http::request_parser<http::empty_body> head = {};
  std::optional<http::request_parser<http::buffer_body>> pieces = {};
  std::string method = {};
  std::string target = {};
  std::string path = {};
  std::string query = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::optional<std::chrono::steady_clock::time_point> body_until = {};
  bool whole = false;   ///< the request has been read to its end
  bool broken = false;  ///< nothing more can be said here
};

Exchange::Exchange(Stream& stream, boost::beast::flat_buffer& buffer, std::chrono::milliseconds patience)
    : wire_(new Wire{.stream = stream, .buffer = buffer, .patience = patience}) {}
Exchange::~Exchange() = default;

void Exchange::wait_for(std::chrono::milliseconds patience) {
  wire_->patience = patience;
}

ports::Task<bool> Exchange::read_head() {
  auto& wire = *wire_;
  boost::system::error_code error;
  wire.head.header_limit(kLongestHead);
  wire.head.body_limit(boost::none);
  wire.stream.expires_after(wire.patience);
  co_await http::async_read_header(wire.stream, wire.buffer, wire.head, awaited(error));
  if (error) co_return false;
  const auto& request = wire.head.get();
  wire.method = std::string(request.method_string());
  wire.target = std::string(request.target());
  const auto mark = std::min(wire.target.find('?'), wire.target.size());
  wire.path = decoded(std::string_view(wire.target).substr(0, mark), Plus::is_plus);
  wire.query = wire.target.substr(std::min(mark + 1, wire.target.size()));
  wire.whole = wire.head.is_done();
  wire.stream.expires_never();  // a commit takes as long as the disk does
  co_return true;
}

const std::string& Exchange::method() const {
  return wire_->method;
}
const std::string& Exchange::target() const {
  return wire_->target;
}
const std::string& Exchange::path() const {
  return wire_->path;
}
std::string Exchange::parameter(std::string_view name) const {
  return query_parameter(wire_->query, name);
}

std::optional<std::string> Exchange::header(std::string_view name) const {
  const auto& fields = wire_->pieces ? wire_->pieces->get().base() : wire_->head.get().base();
  const auto [first, last] = fields.equal_range({name.data(), name.size()});
  if (first == last || std::next(first) != last) return std::nullopt;
  return std::string(first->value());
}

std::optional<std::uint64_t> Exchange::length() const {
  const auto length = wire_->head.content_length();
  return length ? std::optional<std::uint64_t>(*length) : std::nullopt;
}

void Exchange::ends_within(std::chrono::milliseconds time) {
  wire_->body_until = std::chrono::steady_clock::now() + time;
}

ports::Task<Result<std::string>> Exchange::body(std::uint64_t most) {
  ends_within(wire_->patience);
  const auto too_long = [] { return fail(ErrorKind::bad_input, text::words::body_too_long()); };
  if (length().value_or(0) > most) co_return too_long();
  std::string all;
  while (true) {
    auto next = co_await piece();
    if (!next) co_return next;
    if (next->empty()) co_return all;
    all += *next;
    if (all.size() > most) co_return too_long();
  }
}

ports::Task<Result<std::string>> Exchange::piece() {
  auto& wire = *wire_;
  boost::system::error_code error;
  if (!wire.pieces) {
    const auto expects = header("Expect");
    wire.pieces.emplace(std::move(wire.head));
    wire.pieces->body_limit(boost::none);
    if (expects && !wire.whole) {  // RFC 9110, 10.1.1: it waits to be told that its body is wanted
      static constexpr std::string_view kGoOn = "HTTP/1.1 100 Continue\r\n\r\n";
      wire.stream.expires_after(wire.patience);
      co_await asio::async_write(wire.stream, asio::buffer(kGoOn), awaited(error));
    }
  }
  if (wire.pieces->is_done()) wire.whole = true;
  if (wire.whole) co_return std::string();
  std::string bytes(kPiece, '\0');
  auto& room = wire.pieces->get().body();
  room.data = bytes.data();
  room.size = bytes.size();
  const auto now = std::chrono::steady_clock::now();
  wire.stream.expires_at(std::min(now + wire.patience, wire.body_until.value_or(now + wire.patience)));
  co_await http::async_read_some(wire.stream, wire.buffer, *wire.pieces, awaited(error));
  while (!error && room.size == bytes.size() && !wire.pieces->is_done()) {
    // A chunk's head alone has come, and none of its bytes.
    co_await http::async_read_some(wire.stream, wire.buffer, *wire.pieces, awaited(error));
  }
  wire.stream.expires_never();
  if (error == http::error::need_buffer) error = {};
  if (error) {
    wire.broken = true;
    co_return fail(ErrorKind::network, text::words::upload_broke_off());
  }
  bytes.resize(bytes.size() - room.size);
  if (wire.pieces->is_done()) wire.whole = true;
  co_return bytes;
}

void Exchange::always(std::vector<std::pair<std::string, std::string>> headers) {
  wire_->headers = std::move(headers);
}

namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

template <class Body>
void put_head(http::response<Body>& response, const Reply& reply, const Headers& always) {
  response.result(reply.status);
  for (const auto& [name, value] : always) response.set(name, value);
  if (!reply.type.empty() && reply.status != 204 && reply.status != 304)
    response.set(http::field::content_type, {reply.type.data(), reply.type.size()});
  for (const auto& [name, value] : reply.headers) response.set(name, value);
}

}  // namespace

ports::Task<void> Exchange::answer(Reply reply) {
  auto& wire = *wire_;
  if (wire.broken) co_return;
  const bool head_only = wire.method == "HEAD";
  http::response<http::string_body> response(http::status::ok, 11);
  put_head(response, reply, wire.headers);
  response.keep_alive(wire.whole && (wire.pieces ? wire.pieces->keep_alive() : wire.head.keep_alive()));
  const bool goes_on = response.keep_alive();
  const auto size = reply.body.size();
  if (!head_only) response.body() = std::move(reply.body);
  if (reply.status != 204 && reply.status != 304) response.content_length(size);
  boost::system::error_code error;
  wire.stream.expires_after(wire.patience);
  http::response_serializer<http::string_body> out(response);
  if (head_only) {
    co_await http::async_write_header(wire.stream, out, awaited(error));
  } else {
    co_await http::async_write(wire.stream, out, awaited(error));
  }
  wire.broken = wire.broken || error || !goes_on;
  if (!error && !wire.whole) co_await linger();
}

ports::Task<void> Exchange::linger() {
  auto& wire = *wire_;
  boost::system::error_code error;
  wire.stream.socket().shutdown(asio::socket_base::shutdown_send, error);
  std::string dropped(kPiece, '\0');
  std::size_t read = 0;
  wire.stream.expires_after(kLingerFor);
  while (!error && read < kLinger) read += co_await wire.stream.async_read_some(asio::buffer(dropped), awaited(error));
}

ports::Task<bool> Exchange::begin(Reply reply, std::optional<std::uint64_t> length) {
  auto& wire = *wire_;
  http::response<http::empty_body> response(http::status::ok, 11);
  put_head(response, reply, wire.headers);
  response.keep_alive(length && wire.whole && wire.head.keep_alive());
  const bool goes_on = response.keep_alive();
  if (length) response.content_length(*length);
  boost::system::error_code error;
  http::response_serializer<http::empty_body> out(response);
  wire.stream.expires_after(wire.patience);
  co_await http::async_write_header(wire.stream, out, awaited(error));
  wire.stream.expires_never();
  wire.broken = wire.broken || error || !goes_on;
  co_return !error;
}

ports::Task<bool> Exchange::send(std::string bytes) {
  auto& wire = *wire_;
  boost::system::error_code error;
  wire.stream.expires_after(wire.patience);
  co_await asio::async_write(wire.stream, asio::buffer(bytes), awaited(error));
  wire.stream.expires_never();
  wire.broken = wire.broken || error;
  co_return !error;
}

void Exchange::give_up() {
  wire_->broken = true;
  wire_->stream.close();
}

bool Exchange::may_go_on() const {
  return !wire_->broken;
}

}  // namespace sluice::control::web
