#include "sender.hpp"

#include <algorithm>
#include <utility>

#include "shared_facts.hpp"
#include "sluice/base/rfc3339.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::pipeline {

Sender::Sender(boost::asio::any_io_executor executor, Sending sending)
    : parts_(std::move(sending)),
      changed_(parts_.clock.timer()),
      day_cap_(parts_.settings),
      fitting_(parts_),
      settlement_(parts_),
      adoption_(parts_, settlement_),
      scheduler_(parts_, day_cap_),
      shared_{.fitting = fitting_,
              .settlement = settlement_,
              .day_cap = day_cap_,
              .elsewhere = elsewhere_,
              .meters = meters_,
              .rates = rates_,
              .wake = [this] { wake(); }},
      attempts_(std::move(executor), parts_.clock) {}

ports::Task<Result<void>> Sender::adopt(Job& job) {
  auto adopted = co_await adoption_.adopt(job);
  wake();
  co_return adopted;
}

ports::Task<void> Sender::attempt(Scheduler::Choice choice) {
  Attempt attempt(parts_, shared_, std::move(choice));
  co_await attempt.run();
}

ports::Task<void> Sender::run() {
  while (!parts_.stop.asked() && !parts_.journal.fatal()) {
    const auto tend = parts_.slots.tend();
    co_await scheduler_.refill();
    // What could not be written is tried again by those who hold it; if nobody does, this finds out that it can be.
    if (!parts_.journal.trouble().empty()) {
      co_await parts_.journal.commit({ports::PutNote{ports::Note::tried, rfc3339(parts_.clock.wall())}});
    }
    if (parts_.shared.may_read()) {
      if (const auto read = co_await parts_.shared.read_again(); !read) parts_.journal.note(read.error());
    }
    // The refill or the commit may have taken long enough for a stop to come.
    if (parts_.stop.asked()) break;
    const auto ask_again = elsewhere_.release(parts_.clock.now());
    auto next = scheduler_.next(attempts_.size());
    if (next) {
      attempts_.spawn(attempt(std::move(*next)));
      continue;
    }
    co_await changed_->wait(std::min({next.error(), tend, ask_again, parts_.clock.now() + std::chrono::hours(1)}));
  }
  // Those who wait for a slot are withdrawn, so that the ledger says *sending* of nothing that did not leave.
  turn_away();
}

ports::Task<void> Sender::join() {
  co_await attempts_.join();
  parts_.slots.flush();
}

}  // namespace sluice::pipeline
