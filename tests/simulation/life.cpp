#include "life.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace sluice::simulation {

namespace asio = boost::asio;

bool Life::step(std::string_view what) {
  if (dead_) return false;
  if (++steps_ != crash_at_) return true;
  trace_(now(), "crash at step {} ({})", steps_, what);
  dead_ = true;
  return false;
}

void Life::when_running(Timeline::Action action) {
  if (!stalled()) return action();
  // Asked again: it may stand still once more.
  timeline_.at(stalled_until_, owner_,
               [this, action = std::move(action)]() mutable { when_running(std::move(action)); });
}

ports::Task<void> Life::pass(Nanos delay, std::string_view what) {
  // The handler is the waiting coroutine. Not keeping it, in a dead process, is what unwinds it.
  auto begin = [this, delay, what](auto handler) {
    if (!step(what)) return;
    timeline_.at(timeline_.now() + delay, owner_, [this, what, waiter = std::move(handler)]() mutable {
      when_running([this, what, waiter = std::move(waiter)]() mutable {
        if (step(what)) asio::post(executor_, std::move(waiter));
      });
    });
  };
  return asio::async_initiate<const asio::use_awaitable_t<>&, void()>(std::move(begin), asio::use_awaitable);
}

ports::Task<void> Bell::wait(Nanos until) {
  auto begin = [this, until](auto handler) {
    if (!life_.step("wait")) return;
    const Nanos when = std::exchange(rung_, false) ? life_.now() : until;
    waiting_ = life_.timeline().at(when, life_.owner(), [this, waiter = std::move(handler)]() mutable {
      waiting_.reset();
      rung_ = false;
      life_.when_running([&life = life_, waiter = std::move(waiter)]() mutable {
        if (life.step("woken")) asio::post(life.executor(), std::move(waiter));
      });
    });
  };
  return asio::async_initiate<const asio::use_awaitable_t<>&, void()>(std::move(begin), asio::use_awaitable);
}

void Bell::ring() {
  if (life_.dead()) return;
  if (std::exchange(rung_, true) || !waiting_) return;
  life_.timeline().expedite(*waiting_);
}

}  // namespace sluice::simulation
