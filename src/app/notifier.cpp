#include "notifier.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <ranges>
#include <utility>

#include "hook.hpp"
#include "language.hpp"
#include "sluice/text/words/events.hpp"

namespace sluice::app {

namespace {

namespace words = text::words;

constexpr auto kLookEvery = std::chrono::seconds(1);
constexpr auto kTryAgain = std::chrono::seconds(10);
constexpr auto kAtTheEnd = std::chrono::seconds(30);
constexpr int kTries = 3;
constexpr std::size_t kMostDue = 200;

std::uint64_t ended(const pipeline::Status& status) {
  return status.meters.jobs_done + status.meters.jobs_rejected;
}

}  // namespace

Notifier::Notifier(const config::Settings& settings, const pipeline::Engine& engine, ports::Ledger& ledger,
                   ports::Clock& clock)
    : settings_(settings),
      engine_(engine),
      ledger_(ledger),
      clock_(clock),
      looking_(clock.timer()),
      delivering_(clock.timer()),
      again_(clock.timer()) {}

void Notifier::add(Event event, WallTime at) {
  const bool wanted = (settings_.notify.on >> static_cast<unsigned>(event.kind) & 1) != 0;
  if (!wanted || settings_.notify.command.empty()) return;
  if (due_.size() >= kMostDue) {
    due_.pop_front();
    if (dropped_++ == 0) spdlog::warn("{}", words::notify_too_many());
  }
  due_.push_back({std::move(event), at});
  delivering_->wake();
}

ports::Task<void> Notifier::look() {
  const auto status = engine_.status();
  for (auto& event : line_.look(status)) add(std::move(event), status.at);
  const auto now_ended = ended(status);
  const auto fresh = std::min<std::uint64_t>(now_ended - jobs_seen_, kMostDue);
  jobs_seen_ = now_ended;
  if (fresh == 0 || settings_.notify.command.empty()) co_return;
  const auto headers = co_await ledger_.ended_jobs(fresh);
  if (!headers) co_return;  // a ledger that can't be read is an event of its own: the line is paused
  for (const auto& header : *headers | std::views::reverse) {
    for (auto& event : events_of(header)) add(std::move(event), header.finished_at.value_or(status.at));
  }
}

ports::Task<void> Notifier::watch() {
  while (phase_ == Phase::at_work) {
    if (settings_.notify.command.empty()) {
      co_await looking_->wait(clock_.now() + std::chrono::hours(24));
      jobs_seen_ = ended(engine_.status());  // nobody was to be told of these
      continue;
    }
    co_await look();
    co_await looking_->wait(clock_.now() + kLookEvery);
  }
  co_await look();
  phase_ = Phase::only_delivers;
  delivering_->wake();
}

ports::Task<void> Notifier::deliver_one(Event event, WallTime at) {
  for (int tries = 1;; ++tries) {
    const auto patience = std::clamp<Nanos>(give_up_at_ - clock_.now(), Millis{100}, std::chrono::seconds(30));
    const auto done =
        co_await run_hook({.command = settings_.notify.command,
                           .environment = {fmt::format("SLUICE_EVENT={}", name(event.kind)), "SLUICE_JOB=" + event.job,
                                           "SLUICE_NAME=" + event.name,
                                           "SLUICE_WORDS=" + text::in(language_of(settings_.language), event.words)},
                           .input = event_json(event, at) + "\n",
                           .patience = std::chrono::ceil<Millis>(patience)},
                          clock_);
    if (done) co_return;
    const bool last = tries == kTries || clock_.now() + kTryAgain >= give_up_at_;
    const auto about =
        event.job.empty() ? std::string(name(event.kind)) : fmt::format("{} {}", name(event.kind), event.job);
    spdlog::warn("{}",
                 words::notify_failed(about, done.error().words, last ? words::nobody_told() : words::told_again()));
    if (last) co_return;
    co_await again_->wait(clock_.now() + kTryAgain);
  }
}

ports::Task<void> Notifier::deliver() {
  while (true) {
    if (due_.empty()) {
      if (phase_ == Phase::only_delivers) co_return;
      co_await delivering_->wait(clock_.now() + std::chrono::hours(24));
      continue;
    }
    if (clock_.now() >= give_up_at_) {
      spdlog::warn("{}", words::notify_undelivered(due_.size()));
      co_return;
    }
    auto [event, at] = std::move(due_.front());
    due_.pop_front();
    co_await deliver_one(std::move(event), at);
  }
}

void Notifier::reloaded() {
  looking_->wake();
}

void Notifier::finish() {
  if (phase_ != Phase::at_work) return;
  phase_ = Phase::last_look;
  give_up_at_ = clock_.now() + kAtTheEnd;
  looking_->wake();
  again_->wake();
}

}  // namespace sluice::app
