#include "sluice/control/server.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <boost/asio/local/stream_protocol.hpp>

#include <filesystem>
#include <list>
#include <utility>

#include "accept_all.hpp"
#include "connection.hpp"
#include "routes.hpp"
#include "sluice/control/web.hpp"
#include "sluice/ports/task_group.hpp"
#include "sluice/text/system_words.hpp"
#include "sluice/text/words/operating.hpp"

namespace sluice::control {

namespace {

namespace asio = boost::asio;
using Local = asio::local::stream_protocol;

constexpr mode_t kSocketMode = 0660;

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

class Server::Impl {
 public:
  Impl(const asio::any_io_executor& executor, std::string path, pipeline::Engine& engine, ports::Ledger& ledger,
       ports::Clock& clock, ServerLimits limits, web::Desk* desk)
      : acceptor_(executor),
        clock_(clock),
        no_descriptors_(clock.timer()),
        path_(std::move(path)),
        limits_(limits),
        desk_(desk),
        routes_(engine, ledger),
        tasks_(executor, clock) {}

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
    return fail(ErrorKind::config, text::words::socket_not_opened(path_, text::system_words(error.value())));
  }

  void start() {
    tasks_.spawn(accept_all(
        acceptor_, clock_, *no_descriptors_, [this] { return spare_.give_up(); },
        [this](Local::socket socket) { admit(std::move(socket)); }));
  }

  void stop() {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    no_descriptors_->wake();
    for (auto& connection : connections_) connection.close();
    ::unlink(path_.c_str());
  }

 private:
  void admit(Local::socket socket) {
    connections_.emplace_front(std::move(socket), routes_, desk_, limits_.request);
    if (make_room_for(connections_.front())) {
      tasks_.spawn(serve(connections_.begin()));
    } else {
      connections_.pop_front();
    }
  }

  /// Whether the newest may stay. The one that goes for it ends soon, not at once.
  bool make_room_for(const Connection& newest) {
    if (connections_.size() <= limits_.connections) return true;
    Connection* idlest = nullptr;
    for (auto& one : connections_) {
      if (&one == &newest || !one.idle_since() || one.peer().is_trusted()) continue;
      if (idlest == nullptr || *one.idle_since() < *idlest->idle_since()) idlest = &one;
    }
    if (idlest != nullptr) idlest->close();
    return idlest != nullptr || newest.peer().is_trusted();
  }

  ports::Task<void> serve(std::list<Connection>::iterator connection) {
    struct Present {
      Impl& me;
      std::list<Connection>::iterator connection;
      ~Present() {
        me.connections_.erase(connection);
        me.spare_.keep();
      }
    } const present{*this, connection};
    co_await connection->serve();
  }

  Local::acceptor acceptor_;
  ports::Clock& clock_;
  std::unique_ptr<ports::Clock::Timer> no_descriptors_;  ///< waits until there may be some again
  Spare spare_;
  std::string path_;
  ServerLimits limits_;
  web::Desk* desk_;  ///< null: nobody answers /v1
  Routes routes_;
  std::list<Connection> connections_;
  ports::TaskGroup tasks_;  ///< last: its children use all of the above
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::open(asio::any_io_executor executor, std::string path, pipeline::Engine& engine,
                                             ports::Ledger& ledger, ports::Clock& clock, ServerLimits limits,
                                             Web* web) {
  auto impl = std::make_unique<Impl>(executor, std::move(path), engine, ledger, clock, limits,
                                     web == nullptr ? nullptr : &web->desk());
  if (auto done = impl->listen(); !done) return std::unexpected(done.error());
  impl->start();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

void Server::stop() {
  impl_->stop();
}

}  // namespace sluice::control
