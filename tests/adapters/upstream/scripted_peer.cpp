#include "adapters/upstream/scripted_peer.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace sluice::adapters::upstream {

namespace asio = boost::asio;
using asio::ip::tcp;
using ports::Task;

namespace {

/// One accepted connection. Errors are thrown, and end its script.
class Line {
 public:
  Line(tcp::socket socket, asio::ssl::context* tls) : socket_(std::move(socket)) {
    if (tls) tls_ = std::make_unique<asio::ssl::stream<tcp::socket&>>(socket_, *tls);
  }

  Task<void> shake_hands() {
    if (tls_) co_await tls_->async_handshake(asio::ssl::stream_base::server, asio::use_awaitable);
  }

  Task<std::string> read_head() {
    auto buffer = asio::dynamic_buffer(received_);
    const auto bytes = tls_ ? co_await asio::async_read_until(*tls_, buffer, "\r\n\r\n", asio::use_awaitable)
                            : co_await asio::async_read_until(socket_, buffer, "\r\n\r\n", asio::use_awaitable);
    std::string head = received_.substr(0, bytes);
    received_.erase(0, bytes);
    co_return head;
  }

  Task<std::string> read_request() {
    std::string request = co_await read_head();
    constexpr std::string_view kLength = "Content-Length: ";
    const std::size_t length = std::stoul(request.substr(request.find(kLength) + kLength.size()));
    std::string more(64 * 1024, '\0');
    while (received_.size() < length) received_.append(more, 0, co_await read_some(asio::buffer(more)));
    request += received_.substr(0, length);
    received_.erase(0, length);
    co_return request;
  }

  Task<void> send(std::string bytes) {
    if (tls_)
      co_await asio::async_write(*tls_, asio::buffer(bytes), asio::use_awaitable);
    else
      co_await asio::async_write(socket_, asio::buffer(bytes), asio::use_awaitable);
  }

  Task<void> pause(std::chrono::milliseconds time) {
    asio::steady_timer timer(socket_.get_executor(), time);
    co_await timer.async_wait(asio::use_awaitable);
  }

  Task<void> goodbye() { co_await tls_->async_shutdown(asio::as_tuple(asio::use_awaitable)); }

  void close(bool hard) {
    if (hard) socket_.set_option(asio::socket_base::linger(true, 0));
    socket_.close();
  }

  Task<void> until_hung_up() {
    char byte = 0;
    for (;;) co_await read_some(asio::buffer(&byte, 1));
  }

 private:
  Task<std::size_t> read_some(asio::mutable_buffer buffer) {
    co_return tls_ ? co_await tls_->async_read_some(buffer, asio::use_awaitable)
                   : co_await socket_.async_read_some(buffer, asio::use_awaitable);
  }

  tcp::socket socket_;
  std::unique_ptr<asio::ssl::stream<tcp::socket&>> tls_;
  std::string received_;
};

Task<void> perform(Line& line, Step step, std::vector<std::string>& requests) {
  switch (step.what) {
    case Step::What::read_request:
      requests.push_back(co_await line.read_request());
      break;
    case Step::What::read_head:
      requests.push_back(co_await line.read_head());
      break;
    case Step::What::send:
      co_await line.send(step.bytes);
      break;
    case Step::What::pause:
      co_await line.pause(step.time);
      break;
    case Step::What::goodbye:
      co_await line.goodbye();
      break;
    case Step::What::close:
      line.close(false);
      break;
    case Step::What::reset:
      line.close(true);
      break;
    case Step::What::until_hung_up:
      co_await line.until_hung_up();
      break;
  }
}

}  // namespace

struct ScriptedPeer::State {
  State(asio::io_context& context, asio::ssl::context* with, std::vector<Script> to_play)
      : acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0)), tls(with), scripts(std::move(to_play)) {}
  tcp::acceptor acceptor;
  asio::ssl::context* tls;
  std::vector<Script> scripts;
  std::vector<std::string> requests;
  int accepted = 0;
  int ended = 0;
  bool handshakes = true;

  static Task<void> play(std::shared_ptr<State> self, tcp::socket socket, Script script) {
    {
      Line line(std::move(socket), self->tls);
      try {
        if (self->handshakes) co_await line.shake_hands();
        for (const Step& step : script) co_await perform(line, step, self->requests);
      } catch (const boost::system::system_error&) {  // the client went away, as it may
      }
    }
    ++self->ended;
  }

  static Task<void> serve(std::shared_ptr<State> self) {
    for (;;) {
      auto [error, socket] = co_await self->acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
      if (error) co_return;
      socket.set_option(tcp::no_delay(true));  // what a script sends is there when it has been sent
      const auto nth = std::min<std::size_t>(static_cast<std::size_t>(self->accepted++), self->scripts.size() - 1);
      asio::co_spawn(self->acceptor.get_executor(), play(self, std::move(socket), self->scripts[nth]), asio::detached);
    }
  }
};

ScriptedPeer::ScriptedPeer(asio::io_context& context, std::vector<Script> scripts, asio::ssl::context* tls)
    : state_(std::make_shared<State>(context, tls, std::move(scripts))) {
  asio::co_spawn(context, State::serve(state_), asio::detached);
}

ScriptedPeer::~ScriptedPeer() {
  state_->acceptor.close();
}

std::uint16_t ScriptedPeer::port() const {
  return state_->acceptor.local_endpoint().port();
}
int ScriptedPeer::accepted() const {
  return state_->accepted;
}
int ScriptedPeer::ended() const {
  return state_->ended;
}
const std::vector<std::string>& ScriptedPeer::requests() const {
  return state_->requests;
}
void ScriptedPeer::hold_handshakes() {
  state_->handshakes = false;
}

std::string ScriptedPeer::url(const std::string& host) const {
  return std::string(state_->tls ? "https://" : "http://") + host + ":" + std::to_string(port()) + "/prod-api/";
}

}  // namespace sluice::adapters::upstream
