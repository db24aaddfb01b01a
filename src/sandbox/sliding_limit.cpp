#include "sliding_limit.hpp"

#include <algorithm>

namespace sluice::sandbox {
namespace {
constexpr Nanos kWindow = std::chrono::seconds(1);
}

bool SlidingLimit::admit(Nanos now) {
  if (limit_ == 0) return true;
  while (!admitted_.empty() && now - admitted_.front() > kWindow) admitted_.pop_front();
  if (admitted_.size() >= limit_) return false;
  admitted_.push_back(now);
  return true;
}

void WorstSecond::arrival(Nanos now) {
  while (!recent_.empty() && now - recent_.front() > kWindow) recent_.pop_front();
  recent_.push_back(now);
  worst_ = std::max(worst_, recent_.size());
}

}  // namespace sluice::sandbox
