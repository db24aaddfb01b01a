#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <map>
#include <memory>
#include <optional>

#include "sluice/base/check.hpp"
#include "sluice/ports/clock.hpp"

namespace sluice::pipeline {

/// Noon in UTC+8, on a day in the middle of nowhere.
inline constexpr WallTime kNoon = std::chrono::sys_days{std::chrono::year{2024} / 1 / 15} + std::chrono::hours(4);

/// Virtual time: it stands still while anything can run, then jumps to the next timer. Nothing sleeps.
class FakeClock final : public ports::Clock {
 public:
  Boottime now() const override { return now_; }
  WallTime wall() const override { return wall_ + std::chrono::floor<Millis>(now_.time_since_epoch()); }
  std::uint64_t random() override { return 0; }
  std::unique_ptr<ports::Clock::Timer> timer() override { return std::make_unique<Sleep>(*this); }

  boost::asio::io_context& io() { return io_; }
  void set_wall(WallTime wall) { wall_ = wall - std::chrono::floor<Millis>(now_.time_since_epoch()); }

  /// Starts it; it goes on whenever time is let pass.
  void spawn(ports::Task<void> task) {
    boost::asio::co_spawn(io_, std::move(task), [](const std::exception_ptr& thrown) {
      SLUICE_CHECK(thrown == nullptr, "an exception left a task");
    });
  }
  /// To its end, whatever time that takes.
  template <class T>
  T run(ports::Task<T> task) {
    std::optional<T> result;
    boost::asio::co_spawn(io_, std::move(task), [&](const std::exception_ptr& thrown, T value) {
      SLUICE_CHECK(thrown == nullptr, "an exception left a task");
      result.emplace(std::move(value));
    });
    while (!result && step(Boottime::max())) {
    }
    SLUICE_CHECK(result, "a task waits for nothing");
    return std::move(*result);
  }
  /// Everything up to and including that moment.
  void run_until(Boottime until) {
    while (step(until)) {
    }
    now_ = std::max(now_, until);
  }
  void pass(Nanos time) { run_until(now_ + time); }
  /// What can run without time passing.
  void settle() { run_until(now_); }

 private:
  class Sleep final : public ports::Clock::Timer {
   public:
    explicit Sleep(FakeClock& clock) : clock_(clock), alarm_(clock.io_) {}

    ports::Task<void> wait(Boottime until) override {
      if (!woken_) {
        alarm_.expires_at(std::chrono::steady_clock::time_point::max());
        const auto entry = clock_.asleep_.emplace(until, &alarm_);
        struct Up {
          std::multimap<Boottime, boost::asio::steady_timer*>& asleep;
          std::multimap<Boottime, boost::asio::steady_timer*>::iterator entry;
          ~Up() { asleep.erase(entry); }
        } up{clock_.asleep_, entry};
        boost::system::error_code ignored;
        co_await alarm_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
      }
      woken_ = false;
    }
    void wake() override {
      woken_ = true;
      alarm_.cancel();
    }

   private:
    FakeClock& clock_;
    boost::asio::steady_timer alarm_;
    bool woken_ = false;
  };

  bool step(Boottime limit) {
    io_.restart();
    if (io_.poll() > 0) return true;
    if (asleep_.empty() || asleep_.begin()->first > limit || asleep_.begin()->first == Boottime::max()) return false;
    now_ = std::max(now_, asleep_.begin()->first);
    asleep_.begin()->second->cancel();
    return true;
  }

  Boottime now_{std::chrono::hours(1)};
  WallTime wall_ = kNoon - std::chrono::hours(1);
  std::multimap<Boottime, boost::asio::steady_timer*> asleep_;
  boost::asio::io_context io_;
};

}  // namespace sluice::pipeline
