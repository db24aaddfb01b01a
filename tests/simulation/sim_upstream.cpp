#include "sim_upstream.hpp"

#include <utility>

namespace sluice::simulation {

using ports::Broken;
using ports::Task;

namespace {
constexpr Nanos kIdleLimit = std::chrono::seconds(4);
}

Task<Result<std::unique_ptr<ports::Connection>>> SimUpstream::connect() {
  co_await life_.pass(Nanos(1'000), "connect");
  const auto attempt = open_exchange();
  co_await attempt->bell.wait(life_.now() + outside_.leg() + outside_.leg());
  if (attempt->cut) co_return fail(ErrorKind::cancelled, "cut");
  if (outside_.weather.bad_certificate) co_return fail(ErrorKind::certificate, "the certificate does not verify");
  if (life_.random().per_mille(outside_.weather.connect_error)) co_return fail(ErrorKind::network, "no route");
  co_return std::make_unique<SimConnection>(*this);
}

Task<Result<bool>> SimUpstream::refresh_credential() {
  co_await life_.pass(Nanos(50'000), "refresh_credential");
  if (outside_.credential_file == 0) co_return fail(ErrorKind::io, "the credential's source is empty");
  const bool news = std::exchange(credential_, outside_.credential_file) != outside_.credential_file;
  if (news) outside_.witness.new_credential(life_.now(), life_.owner());
  co_return news;
}

void SimUpstream::cut() {
  if (!life_.step("cut")) return;
  for (const auto& weak : open_) {
    if (const auto exchange = weak.lock()) {
      exchange->cut = true;
      exchange->bell.ring();
    }
  }
  open_.clear();
}

std::shared_ptr<Exchange> SimUpstream::open_exchange() {
  std::erase_if(open_, [](const auto& weak) { return weak.expired(); });
  auto exchange = std::make_shared<Exchange>(life_);
  open_.push_back(exchange);
  return exchange;
}

bool SimConnection::usable() {
  return !closed_ && upstream_.life().now() - idle_since_ < kIdleLimit;
}

Task<SimConnection::Outcome> SimConnection::post(std::string path, std::string body, std::string,
                                                 ports::Progress progress) {
  Life& life = upstream_.life();
  Outside& outside = upstream_.outside();
  if (!life.step("post")) co_await life.pass(Nanos{0}, "post");  // dead: goes no further
  Fault fault = Fault::none;
  if (outside.weather.outage || outside.weather.closed) {
    fault = Fault::spoken;
  } else if (life.random().per_mille(outside.weather.exchange_fault)) {
    fault = draw_fault(life.random());
  }
  const auto number = outside.witness.request_starts(life.now(), path, body, life.owner());
  if (fault == Fault::no_byte_out) {
    co_await life.pass(Nanos(30'000), "no byte out");
    closed_ = true;
    co_return broken(number, false, ErrorKind::network, "the connection was closed");
  }
  const auto exchange = upstream_.open_exchange();
  ++upstream_.writing;
  co_await life.pass(life.random().between(Nanos(20'000), Nanos(500'000)), "bytes out");
  --upstream_.writing;
  progress.written();
  if (fault != Fault::none) life.trace()(life.now(), "request {}: {}", number, name(fault));
  send(outside, Request{number, std::move(path), std::move(body), upstream_.credential()}, exchange, fault);
  exchange->acknowledged = std::move(progress.acknowledged);
  if (!exchange->cut) {
    co_await exchange->bell.wait(life.now() + outside.scenario.settings.upstream.response_timeout);
  }
  co_return conclude(number, *exchange);
}

SimConnection::Outcome SimConnection::conclude(std::uint64_t post, Exchange& exchange) {
  exchange.acknowledged = nullptr;
  if (!exchange.reply) {
    closed_ = true;
    if (exchange.cut) return broken(post, true, ErrorKind::cancelled, "cut");
    return broken(post, true, ErrorKind::network, exchange.reset ? "connection reset" : "no answer in time");
  }
  const Reply& reply = *exchange.reply;
  idle_since_ = upstream_.life().now();
  closed_ = reply.http.truncated || upstream_.life().random().per_mille(100);  // Connection: close
  upstream_.outside().witness.answer_read(upstream_.life().now(), post, reply);
  return reply.http;
}

SimConnection::Outcome SimConnection::broken(std::uint64_t post, bool bytes_out, ErrorKind kind, std::string words) {
  upstream_.outside().witness.broke(post, bytes_out);
  return std::unexpected(Broken{bytes_out, Error{kind, std::move(words)}});
}

}  // namespace sluice::simulation
