#include "web/event_hub.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <utility>

#include "sluice/base/rfc3339.hpp"
#include "status_object.hpp"

namespace sluice::control::web {

namespace {

namespace json = boost::json;

// Whoever looks sees a change at once. One that comes right behind another waits as long as an eye takes to see it, and
// where pictures are dear, until making them takes no more than a twentieth of the time.
constexpr auto kBetween = std::chrono::milliseconds(25);
constexpr int kShare = 20;
constexpr auto kLively = std::chrono::seconds(1);
constexpr auto kAtRest = std::chrono::hours(1);
constexpr std::size_t kMostJobs = 100;
constexpr auto kNewest = std::chrono::seconds(5);

json::array seconds_array(const std::vector<pipeline::RateSecond>& seconds) {
  json::array array;
  for (const auto& one : seconds) {
    array.push_back({{"at", rfc3339(WallTime(one.at))},
                     {"started", one.started},
                     {"answered", one.answered},
                     {"throttled", one.throttled},
                     {"lost", one.lost}});
  }
  return array;
}

}  // namespace

std::string live_json(pipeline::Status status, const std::vector<pipeline::RateSecond>& seconds) {
  const auto jobs = status.jobs.size();
  if (jobs > kMostJobs) status.jobs.resize(kMostJobs);
  auto object = status_object(status);
  object["jobs_total"] = jobs;
  object["rate_seconds"] = seconds_array(seconds);
  return json::serialize(object);
}

std::string rate_json(const std::vector<pipeline::RateSecond>& seconds) {
  return json::serialize(json::object{{"seconds", seconds_array(seconds)}});
}

EventHub::EventHub(boost::asio::any_io_executor executor, pipeline::Engine& engine, ports::Clock& clock)
    : engine_(engine), clock_(clock), due_(clock.timer()), tasks_(std::move(executor), clock) {}

EventHub::~EventHub() = default;

EventHub::Listener::Listener(EventHub& hub) : hub_(hub), timer_(hub.clock_.timer()) {
  place_ = hub_.listeners_.insert(hub_.listeners_.end(), this);
  hub_.begin();
}

EventHub::Listener::~Listener() {
  hub_.listeners_.erase(place_);
  if (hub_.listeners_.empty()) hub_.due_->wake();
}

ports::Task<std::shared_ptr<const std::string>> EventHub::Listener::next(Boottime until) {
  while (!hub_.stopping_ && seen_ == hub_.current_ && hub_.clock_.now() < until) co_await timer_->wait(until);
  if (hub_.stopping_ || seen_ == hub_.current_) co_return nullptr;
  seen_ = hub_.current_;
  co_return seen_;
}

void EventHub::begin() {
  look();  // whoever comes sees what is there now
  if (std::exchange(running_, true) || stopping_) return;
  engine_.on_change([this] { changed(); });
  tasks_.spawn(run());
}

void EventHub::changed() {
  dirty_ = true;
  if (!resting_) due_->wake();
}

Nanos EventHub::look() {
  dirty_ = false;
  auto status = engine_.status();
  const auto seconds = engine_.rates(std::chrono::floor<std::chrono::seconds>(status.at) - kNewest);
  const bool lively = !status.jobs.empty() || status.recent_rate > 0 || status.pause != pipeline::Pause::none;
  const auto at = std::exchange(status.at, WallTime{});
  auto compared = live_json(status, seconds.empty() ? seconds : std::vector{seconds.back()});
  if (!current_ || compared != compared_) {
    status.at = at;
    compared_ = std::move(compared);
    current_ = std::make_shared<const std::string>(live_json(std::move(status), seconds));
    for (auto* listener : listeners_) listener->timer_->wake();
  }
  return lively ? Nanos(kLively) : Nanos(kAtRest);
}

ports::Task<void> EventHub::run() {
  while (!listeners_.empty() && !stopping_) {
    const auto began = clock_.now();
    const auto until = began + look();
    const auto again = began + std::max<Nanos>(kBetween, kShare * (clock_.now() - began));
    resting_ = true;
    while (clock_.now() < again && !listeners_.empty() && !stopping_) co_await due_->wait(again);
    resting_ = false;
    while (!dirty_ && clock_.now() < until && !listeners_.empty() && !stopping_) co_await due_->wait(until);
  }
  engine_.on_change(nullptr);
  running_ = false;
}

void EventHub::stop() {
  stopping_ = true;
  due_->wake();
  for (auto* listener : listeners_) listener->timer_->wake();
}

}  // namespace sluice::control::web
