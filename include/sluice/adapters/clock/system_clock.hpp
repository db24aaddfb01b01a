#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <memory>

#include "sluice/base/error.hpp"
#include "sluice/ports/clock.hpp"

namespace sluice::adapters::clock {

/// CLOCK_BOOTTIME as it stands: clock_gettime(2). Any thread.
Boottime boottime_now();

/// The machine's clock. All its timers share one timerfd on CLOCK_BOOTTIME (timerfd_create(2)), so they also come due
/// on time after a suspend, are precise to some tens of microseconds, and take no descriptor each. Timers are used on
/// the executor's thread only and may outlive the clock. While nobody waits there is no work on the executor. Kind
/// no_handles or io: there is no descriptor for it.
Result<std::unique_ptr<ports::Clock>> system_clock(boost::asio::any_io_executor executor);

}  // namespace sluice::adapters::clock
