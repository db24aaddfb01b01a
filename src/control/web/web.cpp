#include "sluice/control/web.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>
#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <list>
#include <ranges>
#include <utility>

#include "accept_all.hpp"
#include "sluice/ports/task_group.hpp"
#include "sluice/text/words/web.hpp"
#include "web/door.hpp"
#include "web/listener.hpp"

namespace sluice::control {

namespace asio = boost::asio;
using Socket = asio::generic::stream_protocol::socket;

namespace {

/// A connected browser: its requests are answered one after the other.
struct Browser {
  web::Stream stream;
  boost::beast::flat_buffer buffer = {};
  bool known = false;   ///< signed in, as far as it has asked
  bool leaves = false;  ///< closed, and gone soon
  std::optional<Boottime> idle_since = {};
};

}  // namespace

class Web::Impl {
 public:
  Impl(const asio::any_io_executor& executor, Parts parts, WebLimits limits)
      : desk_{.engine = parts.engine,
              .ledger = parts.ledger,
              .clock = parts.clock,
              .settings = parts.settings,
              .executor = executor},
        limits_(limits),
        acceptor_(executor),
        pause_(parts.clock.timer()),
        tasks_(executor, parts.clock) {}

  Result<void> listen() {
    const auto& address = desk_.settings.control.web;
    if (address.empty()) return {};
    if (auto listens = web::listen_on(desk_.settings, acceptor_, desk_.entrance); !listens) return listens;
    const auto& entrance = desk_.entrance;
    desk_.link_to =
        entrance.address.empty() ? "http://localhost" : fmt::format("http://{}:{}", entrance.address, entrance.port);
    return {};
  }

  void start() {
    if (!acceptor_.is_open()) return;
    spdlog::info("{}", text::words::page_is_at(desk_.entrance.address.empty() ? desk_.settings.control.web
                                                                              : desk_.link_to + "/"));
    tasks_.spawn(accept_all(
        acceptor_, desk_.clock, *pause_, [this] { return close_stranger() || close_idlest(); },
        [this](Socket socket) { admit(std::move(socket)); }));
  }

  void stop() {
    boost::system::error_code ignored;
    const bool was_open = acceptor_.is_open();
    acceptor_.close(ignored);
    pause_->wake();
    desk_.hub.stop();
    desk_.uploads.stop();
    for (auto& browser : browsers_) browser.stream.close();
    if (const auto path = web::socket_file(desk_.settings); was_open && !path.empty()) ::unlink(path.c_str());
  }

  std::uint16_t port() const { return desk_.entrance.port; }
  web::Desk& desk() { return desk_; }

 private:
  void admit(Socket socket) {
    if (!has_room()) return;
    boost::system::error_code ignored;
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);  // an event is to arrive at once
    browsers_.push_front({.stream = web::Stream(std::move(socket))});
    tasks_.spawn(serve(browsers_.begin()));
  }

  /// Whether there is, or was made. Whoever is not signed in takes none from those who are: there may be few of him,
  /// and of these the oldest goes, whatever it is at.
  bool has_room() {
    const auto here = std::ranges::count(browsers_, false, &Browser::leaves);
    const auto strangers = std::ranges::count_if(browsers_, [](const Browser& b) { return !b.leaves && !b.known; });
    if (std::cmp_greater_equal(strangers, limits_.strangers)) return close_stranger();
    return std::cmp_less(here, limits_.connections) || close_idlest() || close_stranger();
  }

  /// Whether there was one, as of the next. It ends soon, not at once.
  bool close_stranger() {
    const auto oldest = std::ranges::find_if(browsers_ | std::views::reverse,
                                             [](const Browser& one) { return !one.leaves && !one.known; });
    return oldest != browsers_.rend() && close(*oldest);
  }

  /// Of those that are signed in, the one that has asked nothing for longest.
  bool close_idlest() {
    Browser* idlest = nullptr;
    for (auto& one : browsers_) {
      if (one.leaves || !one.known || !one.idle_since) continue;
      if (idlest == nullptr || *one.idle_since < *idlest->idle_since) idlest = &one;
    }
    return idlest != nullptr && close(*idlest);
  }

  static bool close(Browser& browser) {
    browser.leaves = true;
    browser.stream.close();
    return true;
  }

  ports::Task<void> serve(std::list<Browser>::iterator browser) {
    struct Present {
      Impl& me;
      std::list<Browser>::iterator browser;
      ~Present() { me.browsers_.erase(browser); }
    } const present{*this, browser};
    while (!desk_.hub.stopped()) {
      browser->idle_since = desk_.clock.now();
      const auto patience = browser->known ? limits_.patience : limits_.patience_with_strangers;
      web::Exchange exchange(browser->stream, browser->buffer, patience);
      if (!co_await exchange.read_head()) co_return;
      browser->idle_since.reset();
      browser->known = web::is_signed_in(desk_, exchange);
      if (browser->known) exchange.wait_for(limits_.patience);
      co_await web::answer_browser(desk_, exchange);
      if (!exchange.may_go_on()) co_return;
    }
  }

  web::Desk desk_;
  WebLimits limits_;
  web::Acceptor acceptor_;
  std::unique_ptr<ports::Clock::Timer> pause_;
  std::list<Browser> browsers_;
  ports::TaskGroup tasks_;  ///< last: its children use all of the above
};

Web::Web(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Web::~Web() = default;

Result<std::unique_ptr<Web>> Web::open(asio::any_io_executor executor, Parts parts, WebLimits limits) {
  auto impl = std::make_unique<Impl>(executor, parts, limits);
  if (auto done = impl->listen(); !done) return std::unexpected(done.error());
  return std::unique_ptr<Web>(new Web(std::move(impl)));
}

void Web::start() {
  impl_->start();
}
void Web::stop() {
  impl_->stop();
}
std::uint16_t Web::port() const {
  return impl_->port();
}
web::Desk& Web::desk() {
  return impl_->desk();
}

}  // namespace sluice::control
