#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <utility>

#include "sluice/ports/clock.hpp"

namespace sluice {

/// What every ports::Clock must do, whatever is behind it:
///
///   INSTANTIATE_TYPED_TEST_SUITE_P(Simulated, ClockContract, SimClockMaker);
///
/// where the maker is default-constructed for each test, and has
///   ports::Clock& clock();
///   template <class T> T wait(ports::Task<T> task);   // runs it to its end, on whatever executor
template <class Maker>
class ClockContract : public testing::Test {
 protected:
  ports::Clock& clock() { return maker_.clock(); }
  /// How long a timer was waited for, that comes due after this time.
  Nanos waited(ports::Clock::Timer& timer, Nanos time) { return maker_.wait(wait(maker_.clock(), timer, time)); }

 private:
  static ports::Task<Nanos> wait(ports::Clock& clock, ports::Clock::Timer& timer, Nanos time) {
    const auto began = clock.now();
    co_await timer.wait(began + time);
    co_return clock.now() - began;
  }

  Maker maker_;
};

TYPED_TEST_SUITE_P(ClockContract);

TYPED_TEST_P(ClockContract, ATimerReturnsAtItsTimeAndNotBefore) {
  const auto timer = this->clock().timer();
  EXPECT_GE(this->waited(*timer, std::chrono::milliseconds(2)), std::chrono::milliseconds(2));
}

TYPED_TEST_P(ClockContract, ATimeThatIsPastIsNotWaitedFor) {
  const auto timer = this->clock().timer();
  EXPECT_LT(this->waited(*timer, -std::chrono::hours(1)), std::chrono::minutes(1));
}

TYPED_TEST_P(ClockContract, AWakeBeforeTheWaitEndsThatWait) {
  const auto timer = this->clock().timer();
  timer->wake();
  EXPECT_LT(this->waited(*timer, std::chrono::hours(1)), std::chrono::minutes(1));
}

TYPED_TEST_P(ClockContract, AWakeEndsOneWaitOnly) {
  const auto timer = this->clock().timer();
  timer->wake();
  this->waited(*timer, std::chrono::hours(1));
  EXPECT_GE(this->waited(*timer, std::chrono::milliseconds(2)), std::chrono::milliseconds(2));
}

REGISTER_TYPED_TEST_SUITE_P(ClockContract, ATimerReturnsAtItsTimeAndNotBefore, ATimeThatIsPastIsNotWaitedFor,
                            AWakeBeforeTheWaitEndsThatWait, AWakeEndsOneWaitOnly);

}  // namespace sluice
