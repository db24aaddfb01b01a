#include "connection.hpp"

#include <utility>

#include "web/routes.hpp"

namespace sluice::control {

namespace {
constexpr std::uint64_t kLongestBody = 8ULL << 20;  // the hashes of some 400,000 orders
}

Connection::Connection(Local::socket socket, Routes& routes, web::Desk* desk, std::chrono::milliseconds patience)
    : stream_(std::move(socket)),
      routes_(routes),
      desk_(desk),
      patience_(patience),
      peer_(peer_of(stream_.socket().native_handle())),
      account_(web::account_at(stream_.socket().native_handle())),
      idle_since_(std::chrono::steady_clock::now()) {}

ports::Task<void> Connection::answer(web::Exchange& exchange) {
  if (desk_ != nullptr && exchange.path().starts_with("/v1/")) {
    idle_since_.reset();
    constexpr web::Rights kAll{.look = true, .drop = true, .act = true};
    co_return co_await web::serve(*desk_, exchange,
                                  {.account = account_, .rights = kAll, .known = true, .socket = true});
  }
  auto body = co_await exchange.body(kLongestBody);
  if (!body) co_return;
  idle_since_.reset();
  auto answer = co_await routes_.answer(
      {.method = exchange.method(), .target = exchange.target(), .body = std::move(*body), .user = account_.name});
  co_await exchange.answer({.status = answer.status, .body = std::move(answer.body), .type = answer.type});
}

ports::Task<void> Connection::serve() {
  while (true) {
    web::Exchange exchange(stream_, buffer_, patience_);
    if (!co_await exchange.read_head()) co_return;
    // Until its body has come, too, which has the same time again, it counts as idle.
    co_await answer(exchange);
    if (!exchange.may_go_on()) co_return;
    idle_since_ = std::chrono::steady_clock::now();
  }
}

void Connection::close() {
  idle_since_.reset();
  stream_.close();
}

}  // namespace sluice::control
