#include "upstream/wire.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/error.hpp>
#include <cerrno>
#include <utility>

#include "posix/error.hpp"
#include "upstream/limits.hpp"
#include "upstream/spoken.hpp"
#include "upstream/tls.hpp"

namespace sluice::adapters::upstream {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

namespace words = text::words;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
using SteadyClock = asio::steady_timer::clock_type;

/// Of OpenSSL's: what came is no TLS record, as when a server answers in plain HTTP.
bool is_no_tls(error_code error) {
  if (error.category() != asio::error::get_ssl_category()) return false;
  const int reason = ERR_GET_REASON(static_cast<unsigned long>(error.value()));
  return reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST || reason == SSL_R_PACKET_LENGTH_TOO_LONG;
}

std::string in_words(error_code error) {
  if (error == beast::error::timeout || error == asio::error::operation_aborted) return words::connect_timeout_over();
  if (error == asio::error::host_not_found || error == asio::error::no_data) return words::no_such_host();
  if (error == asio::error::host_not_found_try_again) return words::dns_silent();
  if (error == asio::error::connection_refused) return words::nobody_listens();
  if (error == asio::error::eof || error == asio::ssl::error::stream_truncated) return words::other_side_hung_up();
  if (is_no_tls(error)) return words::speaks_plain_http();
  return spoken(error);
}

}  // namespace

Wire::Wire(const asio::any_io_executor& executor, std::shared_ptr<const Peer> peer)
    : peer_(std::move(peer)), stream_(executor), bell_(executor) {
  if (peer_->tls) tls_.emplace(stream_, *peer_->tls);
}

std::unexpected<Error> Wire::failed(const text::Sentence<0>& step, error_code error) const {
  if (cut_) return fail(ErrorKind::cancelled, words::we_are_stopping());
  const bool system = error.category() == boost::system::system_category();
  const bool no_handles = system && posix::kind_of(error.value()) == ErrorKind::no_handles;
  return fail(no_handles ? ErrorKind::no_handles : ErrorKind::network,
              words::cannot_reach(origin(peer_->url), step(), in_words(error)));
}

std::unexpected<Error> Wire::not_loopback() const {
  return fail(ErrorKind::network, words::not_this_machine(origin(peer_->url)));
}

ports::Task<Result<void>> Wire::open(std::shared_ptr<Lookup> lookup) {
  bell_.expires_after(peer_->connect_timeout);
  Lookup::Answer found = co_await lookup->ask(peer_->url.host, peer_->url.port, bell_);
  if (found.error || cut_) co_return failed(words::step_lookup, found.error);
  if (!tls_) found.endpoints = loopback_of(std::move(found.endpoints));
  if (found.endpoints.empty()) co_return not_loopback();
  Result<void> opened = co_await connect(std::move(found.endpoints), lookup->known());
  if (!opened || !tls_) co_return opened;
  co_return co_await shake_hands();
}

ports::Task<Result<void>> Wire::connect(std::vector<Endpoint> found, KnownAddresses& known) {
  const auto race = race_ = std::make_shared<Race>(stream_.get_executor(), known.in_order(std::move(found)));
  auto connected = co_await race->run(bell_.expiry());
  race_.reset();
  if (!connected || cut_) co_return failed(words::step_connect, race->error());
  for (const auto& said : known.learn(*race->winner(), race->passed())) {
    spdlog::warn("{}", words::of_host(origin(peer_->url), said));
  }
  error_code error;
  tcp::socket& socket = stream_.next_layer().socket() = std::move(*connected);
  socket.set_option(tcp::no_delay(true), error);
  socket.non_blocking(true, error);  // for quiet()
  if (error) co_return failed(words::step_connect, error);
  co_return Result<void>{};
}

ports::Task<Result<void>> Wire::shake_hands() {
  if (Result<void> expecting = expect_host(tls_->native_handle(), peer_->url.host); !expecting) co_return expecting;
  stream_.next_layer().expires_at(bell_.expiry());
  const auto [error] = co_await tls_->async_handshake(asio::ssl::stream_base::client, kTuple);
  if (!error && !cut_) co_return Result<void>{};
  close();
  const long verdict = SSL_get_verify_result(tls_->native_handle());
  if (verdict != X509_V_OK && !cut_)
    co_return std::unexpected(certificate_error(verdict, peer_->url.host, peer_->ca_file));
  if (auto refused = alert_error(error, peer_->url.host); refused && !cut_)
    co_return std::unexpected(std::move(*refused));
  co_return failed(words::step_tls, error);
}

void Wire::expires_after(Millis limit) {
  stream_.next_layer().expires_after(limit);
}

void Wire::start_write(std::string bytes, std::function<void()> written) {
  request_ = std::move(bytes);
  written_ = std::move(written);
  writing_ = true;
  auto ended = [self = shared_from_this()](error_code error, std::size_t) {
    self->writing_ = false;
    self->write_error_ = error;
    self->request_.clear();
    const auto written = std::exchange(self->written_, nullptr);
    if (!error && written) written();
    self->bell_.cancel();
  };
  if (tls_)
    asio::async_write(*tls_, asio::buffer(request_), std::move(ended));
  else
    asio::async_write(stream_, asio::buffer(request_), std::move(ended));
}

ports::Task<void> Wire::write_ended() {
  while (writing_) {
    bell_.expires_at(SteadyClock::time_point::max());
    co_await bell_.async_wait(kTuple);
  }
}

ports::Task<Wire::Read> Wire::read_some() {
  if (!came_) came_ = std::make_unique_for_overwrite<char[]>(kReadBytes);
  const auto buffer = asio::buffer(came_.get(), kReadBytes);
  auto [error, bytes] =
      tls_ ? co_await tls_->async_read_some(buffer, kTuple) : co_await stream_.async_read_some(buffer, kTuple);
  read_error_ = error;
  spoken_to_ = spoken_to_ || bytes > 0;
  co_return Read{error, {came_.get(), bytes}};
}

std::optional<Error> Wire::refusal() const {
  return spoken_to_ || cut_ ? std::nullopt : alert_error(read_error_, peer_->url.host);
}

bool Wire::quiet() {
  tcp::socket& socket = stream_.next_layer().socket();
  if (!socket.is_open()) return false;
  std::array<char, 1> byte{};
  if (!tls_)
    return ::recv(socket.native_handle(), byte.data(), byte.size(), MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
  // TLS 1.3 sends session tickets whenever it likes; they are no sign of anything, and only reading tells them apart.
  error_code error;
  tls_->read_some(asio::buffer(byte), error);
  if (error == asio::error::would_block) return true;
  read_error_ = error;
  spoken_to_ = spoken_to_ || !error;
  return false;
}

void Wire::close() {
  stream_.next_layer().close();
}

void Wire::abandon() {
  written_ = nullptr;
  close();
}

void Wire::cut() {
  cut_ = true;
  if (race_) race_->stop();
  bell_.cancel();
  close();
}

}  // namespace sluice::adapters::upstream
