#pragma once

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>

#include "sluice/base/time.hpp"

namespace sluice::ports {

template <class T>
using Task = boost::asio::awaitable<T>;

/// Time and chance. All of the pipeline asks here, so that a test can run a day in milliseconds.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Boottime now() const = 0;
  virtual WallTime wall() const = 0;
  virtual std::uint64_t random() = 0;

  /// A sleep that can be woken. One waiter each; destroyed only when nobody waits.
  class Timer {
   public:
    virtual ~Timer() = default;
    /// Returns at `until`, or when wake() is called (also when it was called since the last wait returned).
    virtual Task<void> wait(Boottime until) = 0;
    virtual void wake() = 0;
  };
  virtual std::unique_ptr<Timer> timer() = 0;
};

}  // namespace sluice::ports
