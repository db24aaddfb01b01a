#include "request_log.hpp"

#include <algorithm>

namespace sluice::sandbox {

std::uint64_t RequestLog::arrival(std::string_view service, Nanos now) {
  if (requests_ == 0) first_ = now;
  if (requests_ > 0) least_gap_ = std::min(least_gap_, now - last_);
  last_ = now;
  worst_.arrival(now);
  ++requests_;
  if (keep_ > 0) {
    if (seen_.size() == keep_) seen_.pop_front();
    seen_.push_back({.number = requests_, .service = service, .arrived = now, .what = {}});
  }
  return requests_;
}

Seen* RequestLog::find(std::uint64_t number) {
  if (seen_.empty() || number < seen_.front().number || number > seen_.back().number) return nullptr;
  return &seen_[number - seen_.front().number];
}

void RequestLog::count(std::string_view service, std::size_t orders, int status) {
  orders_ += orders;
  ++counts_[std::string(service)][status];
}

}  // namespace sluice::sandbox
