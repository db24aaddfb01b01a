#include <fmt/format.h>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <charconv>
#include <list>
#include <utility>

#include "accept_all.hpp"
#include "sluice/control/metrics.hpp"
#include "sluice/ports/task_group.hpp"
#include "sluice/text/system_words.hpp"
#include "sluice/text/words/operating.hpp"

namespace sluice::control {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Tcp = asio::ip::tcp;
using Stream = boost::beast::basic_stream<Tcp>;

constexpr std::size_t kConnections = 8;
constexpr auto kPatience = std::chrono::seconds(5);

/// The settings have judged its form.
Tcp::endpoint endpoint_of(std::string_view address, boost::system::error_code& error) {
  const auto colon = address.rfind(':');
  auto host = address.substr(0, colon);
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  std::uint16_t port = 0;
  const auto digits = address.substr(colon + 1);
  std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return {asio::ip::make_address(host, error), port};
}

}  // namespace

class MetricsServer::Impl {
 public:
  Impl(const asio::any_io_executor& executor, pipeline::Engine& engine, ports::Clock& clock)
      : acceptor_(executor), engine_(engine), clock_(clock), pause_(clock.timer()), tasks_(executor, clock) {}

  Result<void> listen(const std::string& address) {
    boost::system::error_code error;
    const auto endpoint = endpoint_of(address, error);
    if (!error) acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (!error) return {};
    return fail(ErrorKind::config, text::words::metrics_not_opened(address, text::system_words(error.value())));
  }

  void start() {
    tasks_.spawn(accept_all(
        acceptor_, clock_, *pause_, [] { return false; }, [this](Tcp::socket socket) { admit(std::move(socket)); }));
  }

  void stop() {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    pause_->wake();
    for (auto& stream : streams_) stream.close();
  }

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  void admit(Tcp::socket socket) {
    if (streams_.size() >= kConnections) return;
    streams_.emplace_front(std::move(socket));
    tasks_.spawn(serve(streams_.begin()));
  }

  ports::Task<void> serve(std::list<Stream>::iterator stream) {
    struct Present {
      Impl& me;
      std::list<Stream>::iterator stream;
      ~Present() { me.streams_.erase(stream); }
    } const present{*this, stream};
    boost::beast::flat_buffer buffer;
    while (true) {
      boost::system::error_code error;
      http::request_parser<http::empty_body> parser;
      stream->expires_after(kPatience);
      co_await http::async_read(*stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
      auto response = answer(parser.get());
      stream->expires_after(kPatience);
      co_await http::async_write(*stream, response, asio::redirect_error(asio::use_awaitable, error));
      if (error || !response.keep_alive()) co_return;
    }
  }

  http::response<http::string_body> answer(const http::request<http::empty_body>& request) const {
    const bool known = request.method() == http::verb::get && request.target() == "/metrics";
    http::response<http::string_body> response(known ? http::status::ok : http::status::not_found, request.version());
    response.set(http::field::content_type, known ? kMetricsType : "text/plain; charset=utf-8");
    response.keep_alive(request.keep_alive());
    response.body() = known ? metrics_text(engine_.status()) : "There is /metrics here, and nothing else.\n";
    response.prepare_payload();
    return response;
  }

  Tcp::acceptor acceptor_;
  pipeline::Engine& engine_;
  ports::Clock& clock_;
  std::unique_ptr<ports::Clock::Timer> pause_;
  std::list<Stream> streams_;
  ports::TaskGroup tasks_;  ///< last: its children use all of the above
};

MetricsServer::MetricsServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
MetricsServer::~MetricsServer() = default;

Result<std::unique_ptr<MetricsServer>> MetricsServer::open(asio::any_io_executor executor, const std::string& address,
                                                           pipeline::Engine& engine, ports::Clock& clock) {
  auto impl = std::make_unique<Impl>(executor, engine, clock);
  if (auto done = impl->listen(address); !done) return std::unexpected(done.error());
  return std::unique_ptr<MetricsServer>(new MetricsServer(std::move(impl)));
}

void MetricsServer::start() {
  impl_->start();
}

void MetricsServer::stop() {
  impl_->stop();
}

std::uint16_t MetricsServer::port() const {
  return impl_->port();
}

}  // namespace sluice::control
