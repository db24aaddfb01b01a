// What happens now.
#include "sluice/text/words/web.hpp"
#include "web/routes.hpp"

namespace sluice::control::web {

namespace {

constexpr std::size_t kMostStreams = 32;
constexpr auto kSignOfLife = std::chrono::seconds(15);

bool is_over(Call& call) {
  auto& desk = call.desk;
  return desk.hub.stopped() ||
         (!call.caller.cookie.empty() && desk.sessions.find(call.caller.cookie, desk.clock.now()) == nullptr);
}

}  // namespace

ports::Task<Answered> status(Call call) {
  auto status = call.desk.engine.status();
  const auto since = std::chrono::floor<std::chrono::seconds>(status.at) - std::chrono::seconds(5);
  co_return Reply{.body = live_json(std::move(status), call.desk.engine.rates(since))};
}

ports::Task<Answered> events(Call call) {
  auto& desk = call.desk;
  if (desk.hub.listeners() >= kMostStreams) co_return problem(429, text::words::too_many_streams());
  EventHub::Listener listener(desk.hub);
  Reply head{.type = "text/event-stream"};
  head.headers.emplace_back("X-Accel-Buffering", "no");  // nginx would keep events until its buffer is full
  if (!co_await call.exchange.begin(std::move(head), std::nullopt)) co_return std::nullopt;
  while (true) {
    const auto picture = co_await listener.next(desk.clock.now() + kSignOfLife);
    if (is_over(call)) co_return std::nullopt;
    auto event = picture ? "event: status\ndata: " + *picture + "\n\n" : std::string(":\n\n");
    if (!co_await call.exchange.send(std::move(event))) co_return std::nullopt;
  }
}

ports::Task<Answered> rate(Call call) {
  const auto now = std::chrono::floor<std::chrono::seconds>(call.desk.clock.wall());
  co_return Reply{.body = rate_json(call.desk.engine.rates(now - pipeline::RateHistory::kSpan))};
}

}  // namespace sluice::control::web
