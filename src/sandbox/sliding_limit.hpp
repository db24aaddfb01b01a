#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include "sluice/base/time.hpp"

namespace sluice::sandbox {

/// An exact log of what was let through: never more than `limit` in any window of one second, its end included (an
/// arrival exactly 1000 ms after the first of a full window is still refused, as the strictest limiters met do). What
/// is refused does not count against the next. Times must not fall.
class SlidingLimit {
 public:
  /// 0: no limit.
  explicit SlidingLimit(std::uint32_t limit) : limit_(limit) {}
  bool admit(Nanos now);

 private:
  std::uint32_t limit_;
  std::deque<Nanos> admitted_;
};

/// The most arrivals seen in any window of one second, refused ones too.
class WorstSecond {
 public:
  void arrival(Nanos now);
  std::size_t worst() const { return worst_; }

 private:
  std::deque<Nanos> recent_;
  std::size_t worst_ = 0;
};

}  // namespace sluice::sandbox
