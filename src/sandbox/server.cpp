#include "server.hpp"

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <filesystem>
#include <fstream>
#include <list>
#include <optional>
#include <thread>

#include "certificate.hpp"
#include "connection.hpp"

namespace sluice::sandbox {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr auto kAcceptPause = std::chrono::milliseconds(20);

/// A server's TLS with an identity made for it; the authority goes to DIR/ca.pem.
Result<asio::ssl::context> make_tls(const std::filesystem::path& dir) {
  const auto identity = make_identity();
  if (!identity) return std::unexpected(identity.error());
  asio::ssl::context context(asio::ssl::context::tls_server);
  error_code error;
  context.set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1, error);
  context.use_certificate(asio::buffer(identity->certificate), asio::ssl::context::pem, error);
  if (!error) context.use_private_key(asio::buffer(identity->key), asio::ssl::context::pem, error);
  if (error) return fail(ErrorKind::certificate, error.message());
  std::error_code made;
  std::filesystem::create_directories(dir, made);
  const auto file = dir / "ca.pem";
  std::ofstream(file, std::ios::binary | std::ios::trunc) << identity->ca;
  if (std::filesystem::file_size(file, made) != identity->ca.size()) {
    return fail(ErrorKind::io, fmt::format("{} can't be written", file.string()));
  }
  return context;
}

}  // namespace

class Server::Impl {
 public:
  Impl(asio::io_context& context, Api& api, const Options& options)
      : options_(options),
        clock_(options.now, options.frozen),
        shared_{api, clock_, options_, std::mt19937_64(options.seed)},
        acceptor_(context),
        accept_pause_(context),
        stall_(context) {}

  Result<std::string> listen();
  void stop();

 private:
  using Connections = std::list<std::unique_ptr<Connection>>;

  asio::awaitable<void> accept();
  asio::awaitable<void> stall();
  std::unique_ptr<Connection> connection(tcp::socket socket);
  void start(tcp::socket socket);

  Options options_;
  Clock clock_;
  Shared shared_;
  std::optional<asio::ssl::context> tls_;
  tcp::acceptor acceptor_;
  asio::steady_timer accept_pause_;
  asio::steady_timer stall_;
  Connections connections_;
};

Result<std::string> Server::Impl::listen() {
  error_code error;
  const auto address = asio::ip::make_address(options_.bind, error);
  if (error || !address.is_loopback()) {
    return fail(ErrorKind::usage,
                fmt::format("{} is no loopback address: the sandbox is for this machine only", options_.bind));
  }
  if (!options_.tls_dir.empty()) {
    auto tls = make_tls(options_.tls_dir);
    if (!tls) return std::unexpected(tls.error());
    tls_ = std::move(*tls);
  }
  const tcp::endpoint endpoint(address, options_.port);
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) return fail(ErrorKind::network, fmt::format("{}:{}: {}", options_.bind, options_.port, error.message()));
  asio::co_spawn(acceptor_.get_executor(), accept(), [](const std::exception_ptr& failure) {
    if (failure) std::rethrow_exception(failure);
  });
  if (options_.stall > Nanos{}) {
    asio::co_spawn(acceptor_.get_executor(), stall(), [](const std::exception_ptr& failure) {
      if (failure) std::rethrow_exception(failure);
    });
  }
  const std::string host = tls_ ? "localhost" : address.is_v6() ? fmt::format("[{}]", options_.bind) : options_.bind;
  return fmt::format("{}://{}:{}/prod-api/", tls_ ? "https" : "http", host, acceptor_.local_endpoint().port());
}

asio::awaitable<void> Server::Impl::accept() {
  while (acceptor_.is_open()) {
    auto [error, socket] = co_await acceptor_.async_accept(kAwait);
    if (!acceptor_.is_open()) break;  // stopped meanwhile: a connection started now would never be cut
    if (!error) {
      start(std::move(socket));
    } else {  // out of file descriptors: some connection will end
      accept_pause_.expires_after(kAcceptPause);
      co_await accept_pause_.async_wait(kAwait);
    }
  }
}

/// The kernel goes on and acknowledges what comes; nothing is read or counted until it is over.
asio::awaitable<void> Server::Impl::stall() {
  while (acceptor_.is_open()) {
    stall_.expires_after(options_.stall_every);
    co_await stall_.async_wait(kAwait);
    if (acceptor_.is_open()) std::this_thread::sleep_for(options_.stall);
  }
}

std::unique_ptr<Connection> Server::Impl::connection(tcp::socket socket) {
  if (tls_) return std::make_unique<TlsConnection>(shared_, std::move(socket), *tls_);
  return std::make_unique<PlainConnection>(shared_, std::move(socket));
}

void Server::Impl::start(tcp::socket socket) {
  const auto place = connections_.insert(connections_.end(), connection(std::move(socket)));
  asio::co_spawn(acceptor_.get_executor(), (*place)->serve(), [this, place](const std::exception_ptr& failure) {
    connections_.erase(place);
    if (failure) std::rethrow_exception(failure);
  });
}

void Server::Impl::stop() {
  error_code ignored;
  acceptor_.close(ignored);
  accept_pause_.cancel();
  stall_.cancel();
  for (const auto& open : connections_) open->cut();
}

Server::Server(asio::io_context& context, Api& api, const Options& options)
    : impl_(std::make_unique<Impl>(context, api, options)) {}
Server::~Server() = default;

Result<std::string> Server::listen() {
  return impl_->listen();
}

void Server::stop() {
  impl_->stop();
}

}  // namespace sluice::sandbox
