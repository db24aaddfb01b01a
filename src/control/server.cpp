#include "sluice/control/server.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/http.hpp>

#include <chrono>
#include <filesystem>
#include <set>
#include <utility>

#include "routes.hpp"

namespace sluice::control {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Local = asio::local::stream_protocol;

constexpr mode_t kSocketMode = 0660;
constexpr std::size_t kMostConnections = 32;
constexpr auto kAcceptAgain = std::chrono::milliseconds(200);

/// A file descriptor kept for the day when there is no other, so that whoever asks what is wrong then gets an answer.
class Spare {
 public:
  Spare() { keep(); }
  ~Spare() { give_up(); }
  Spare(const Spare&) = delete;
  Spare& operator=(const Spare&) = delete;

  void keep() {
    if (fd_ < 0) fd_ = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  }
  /// Whether there was one.
  bool give_up() { return fd_ >= 0 && ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_ = -1;
};

}  // namespace

/// Kept alive by its own coroutines, which end when stop() has closed everything.
class Server::Impl : public std::enable_shared_from_this<Server::Impl> {
 public:
  Impl(asio::any_io_executor executor, std::string path, pipeline::Engine& engine, ports::Ledger& ledger)
      : acceptor_(executor), again_(executor), path_(std::move(path)), routes_(engine, ledger) {}

  Result<void> listen() {
    boost::system::error_code error;
    std::error_code ignored;
    if (std::filesystem::is_socket(path_, ignored)) std::filesystem::remove(path_, ignored);
    if (path_.size() >= sizeof(sockaddr_un::sun_path)) error = asio::error::name_too_long;  // Local::endpoint throws
    if (!error) acceptor_.open(Local(), error);
    if (!error) acceptor_.bind(Local::endpoint(path_), error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (!error && ::chmod(path_.c_str(), kSocketMode) != 0) error.assign(errno, boost::system::system_category());
    if (!error) return {};
    return fail(ErrorKind::config,
                fmt::format("the control socket {} can't be opened: {}. control.socket names another "
                            "place (a path may have 107 bytes)",
                            path_, error.message()));
  }

  void start() {
    asio::co_spawn(acceptor_.get_executor(), accept(shared_from_this()), [](const std::exception_ptr&) {});
  }

  void stop() {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    again_.cancel();
    for (auto* peer : peers_) peer->close(ignored);
    ::unlink(path_.c_str());
  }

 private:
  static ports::Task<void> accept(std::shared_ptr<Impl> me) {
    while (me->acceptor_.is_open()) {
      boost::system::error_code error;
      auto peer = co_await me->acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (error == asio::error::operation_aborted) co_return;
      if (error && !me->spare_.give_up()) co_await me->pause();
      if (error || me->peers_.size() >= kMostConnections) continue;
      asio::co_spawn(me->acceptor_.get_executor(), serve(me, std::move(peer)), [](const std::exception_ptr&) {});
    }
  }

  ports::Task<void> pause() {
    boost::system::error_code ignored;
    again_.expires_after(kAcceptAgain);
    co_await again_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }

  static ports::Task<void> serve(std::shared_ptr<Impl> me, Local::socket peer) {
    struct Present {
      Impl& me;
      Local::socket& peer;
      ~Present() {
        me.peers_.erase(&peer);
        boost::system::error_code ignored;
        peer.close(ignored);
        me.spare_.keep();
      }
    } present{*me, peer};
    me->peers_.insert(&peer);
    boost::beast::flat_buffer buffer;
    while (true) {
      boost::system::error_code error;
      http::request<http::string_body> request;
      co_await http::async_read(peer, buffer, request, asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
      auto answer = co_await me->routes_.answer(std::string(request.method_string()), std::string(request.target()));
      http::response<http::string_body> response(http::status(answer.status), request.version());
      response.set(http::field::content_type, "application/json");
      response.keep_alive(request.keep_alive());
      response.body() = std::move(answer.body);
      response.prepare_payload();
      co_await http::async_write(peer, response, asio::redirect_error(asio::use_awaitable, error));
      if (error || !request.keep_alive()) co_return;
    }
  }

  Local::acceptor acceptor_;
  asio::steady_timer again_;  ///< out of descriptors
  Spare spare_;
  std::string path_;
  Routes routes_;
  std::set<Local::socket*> peers_;
};

Server::Server(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::open(asio::any_io_executor executor, std::string path, pipeline::Engine& engine,
                                             ports::Ledger& ledger) {
  auto impl = std::make_shared<Impl>(std::move(executor), std::move(path), engine, ledger);
  if (auto done = impl->listen(); !done) return std::unexpected(done.error());
  impl->start();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

void Server::stop() {
  impl_->stop();
}

}  // namespace sluice::control
