// What is kept of orders and files, and until when: keep.*.
#include "engine_impl.hpp"

namespace sluice::pipeline {

using ports::Task;

namespace {

constexpr auto kLookAgain = std::chrono::hours(24);

}  // namespace

Task<Result<PlacedBefore>> Engine::Impl::placed_before(std::vector<std::string> elements) {
  if (settings_.guard.placed_before == config::PlacedBefore::send) co_return PlacedBefore{};
  co_return co_await pipeline::placed_before(ports_.ledger, marks_of(ports_.spool.secret(), elements),
                                             ports_.clock.wall() - settings_.keep.orders, std::nullopt);
}

/// Once a day. What can't be done now is done the next time.
Task<void> Engine::Impl::forget_old() {
  while (!stop_.asked() && !journal_.fatal()) {
    const auto before = ports_.clock.wall() - settings_.keep.orders;
    (void)co_await journal_.commit({ports::ForgetHistory{before}});
    const auto again = ports_.clock.now() + kLookAgain;
    // Also after a reload, which may have made an age shorter.
    if (!stop_.asked()) co_await old_->wait(again);
  }
}

}  // namespace sluice::pipeline
