#include "sender.hpp"

#include <algorithm>
#include <utility>

#include "sluice/base/rfc3339.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::pipeline {

Sender::Sender(boost::asio::any_io_executor executor, Parts parts)
    : parts_(std::move(parts)),
      changed_(parts_.clock.timer()),
      day_cap_(parts_.settings),
      fitting_({.clock = parts_.clock,
                .journal = parts_.journal,
                .settings = parts_.settings,
                .next_batch = parts_.next_batch}),
      settlement_({.clock = parts_.clock,
                   .journal = parts_.journal,
                   .breaker = parts_.breaker,
                   .doubts = parts_.doubts,
                   .day_cap = day_cap_,
                   .settings = parts_.settings,
                   .stop = parts_.stop,
                   .next_batch = parts_.next_batch}),
      adoption_({.clock = parts_.clock,
                 .journal = parts_.journal,
                 .busy = parts_.busy,
                 .settlement = settlement_,
                 .settings = parts_.settings}),
      scheduler_({.clock = parts_.clock,
                  .journal = parts_.journal,
                  .breaker = parts_.breaker,
                  .slots = parts_.slots,
                  .busy = parts_.busy,
                  .jobs = parts_.jobs,
                  .day_cap = day_cap_,
                  .settings = parts_.settings}),
      attempt_parts_{.clock = parts_.clock,
                     .upstream = parts_.upstream,
                     .journal = parts_.journal,
                     .breaker = parts_.breaker,
                     .slots = parts_.slots,
                     .busy = parts_.busy,
                     .doubts = parts_.doubts,
                     .fitting = fitting_,
                     .settlement = settlement_,
                     .settings = parts_.settings,
                     .stop = parts_.stop,
                     .wake = [this] { wake(); },
                     .meters = meters_},
      attempts_(std::move(executor), parts_.clock) {}

ports::Task<Result<void>> Sender::adopt(Job& job) {
  auto adopted = co_await adoption_.adopt(job);
  wake();
  co_return adopted;
}

ports::Task<void> Sender::attempt(Scheduler::Choice choice) {
  Attempt attempt(attempt_parts_, std::move(choice));
  co_await attempt.run();
}

ports::Task<void> Sender::run() {
  while (!parts_.stop.asked() && !parts_.journal.fatal()) {
    const auto tend = parts_.slots.tend();
    co_await scheduler_.refill();
    // What could not be written is tried again by those who hold it; if nobody does, this finds out that it can be.
    if (!parts_.journal.trouble().empty()) {
      co_await parts_.journal.commit({ports::PutNote{note_key(ports::Note::tried), rfc3339(parts_.clock.wall())}});
    }
    if (parts_.stop.asked()) break;
    auto next = scheduler_.next(attempts_.size());
    if (next) {
      attempts_.spawn(attempt(std::move(*next)));
      continue;
    }
    co_await changed_->wait(std::min({next.error(), tend, parts_.clock.now() + std::chrono::hours(1)}));
  }
  turn_away();
}

}  // namespace sluice::pipeline
