#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "sluice/base/time.hpp"

/// The limiters of docs/api.md, "Limiters met in practice", at 10 a second, each by its own source's acceptance rule.
/// Times are the server's own clock.
namespace sluice::pacing::testing {

inline std::int64_t whole_ms(Nanos t) {
  return std::chrono::floor<Millis>(t).count();
}

/// nginx, ngx_http_limit_req_module.c: excess in thousandths of a request, time in whole milliseconds; burst=0.
struct NginxLimitReq {
  bool accept(Nanos t) {
    const std::int64_t now = whole_ms(t);
    const std::int64_t excess = last_ < 0 ? 0 : std::max<std::int64_t>(0, excess_ - 10 * (now - last_) + 1000);
    if (excess > 0) return false;
    excess_ = excess;
    last_ = now;
    return true;
  }
  std::int64_t last_ = -1;
  std::int64_t excess_ = 0;
};

/// HAProxy, freq_ctr.h: http_req_rate(1s) gt 10 is denied; every request is counted first, the denied ones too.
struct HaproxyRate {
  bool accept(Nanos t) {
    const std::int64_t now = whole_ms(t);
    if (now - tick_ >= 2 * kPeriod) {
      past_ = current_ = 0;
      tick_ = now;
    } else if (now - tick_ >= kPeriod) {
      past_ = current_;
      current_ = 0;
      tick_ += kPeriod;
    }
    ++current_;
    return current_ + past_ * (tick_ + kPeriod - now) / kPeriod <= 10;
  }
  static constexpr std::int64_t kPeriod = 1000;
  std::int64_t tick_ = -10 * kPeriod;
  std::int64_t past_ = 0;
  std::int64_t current_ = 0;
};

/// A Redis script: INCR, and PEXPIRE 1000 at the first hit; the key is still there exactly 1000 ms later.
struct RedisFixedWindow {
  bool accept(Nanos t) {
    const std::int64_t now = whole_ms(t);
    if (count_ == 0 || now > opened_ + 1000) {
      opened_ = now;
      count_ = 0;
    }
    return ++count_ <= 10;
  }
  std::int64_t opened_ = 0;
  int count_ = 0;
};

/// Redisson's RRateLimiter: an exact log of the permits of the last second, both ends included.
struct RedissonSlidingLog {
  bool accept(Nanos t) {
    const std::int64_t now = whole_ms(t);
    while (!log_.empty() && log_.front() < now - 1000) log_.pop_front();
    if (log_.size() >= 10) return false;
    log_.push_back(now);
    return true;
  }
  std::deque<std::int64_t> log_;
};

/// Kong and others: a counter per calendar second.
struct CalendarSecond {
  bool accept(Nanos t) {
    const std::int64_t second = std::chrono::floor<std::chrono::seconds>(t).count();
    if (second != second_) count_ = 0;
    second_ = second;
    return ++count_ <= 10;
  }
  std::int64_t second_ = -1;
  int count_ = 0;
};

/// A bucket of ten tokens, full at first.
struct FullTokenBucket {
  bool accept(Nanos t) {
    const double now = std::chrono::duration<double>(t).count();
    tokens_ = last_ < 0 ? 10.0 : std::min(10.0, tokens_ + (now - last_) * 10.0);
    last_ = now;
    if (tokens_ < 1.0) return false;
    tokens_ -= 1.0;
    return true;
  }
  double last_ = -1;
  double tokens_ = 10.0;
};

/// Guava's SmoothBursty: an empty bucket, and the first permit paid for by the second.
struct GuavaRateLimiter {
  bool accept(Nanos t) {
    const double now = std::chrono::duration<double>(t).count();
    if (next_free_ < 0) next_free_ = now;
    if (next_free_ > now) return false;
    stored_ = std::min(10.0, stored_ + (now - next_free_) * 10.0);
    const double paid = std::min(1.0, stored_);
    stored_ -= paid;
    next_free_ = now + (1.0 - paid) / 10.0;
    return true;
  }
  double next_free_ = -1;
  double stored_ = 0;
};

struct Limiter {
  std::string name;
  /// Limiters that look at single gaps pass no jitter beyond the gap's margin, whatever the pace; window limiters pass
  /// all that the window rule promises.
  Nanos jitter;
  std::function<bool(Nanos)> accept;
};

inline std::vector<Limiter> limiters() {
  using namespace std::chrono_literals;
  const auto of = [](auto limiter) { return [limiter](Nanos t) mutable { return limiter.accept(t); }; };
  return {{"nginx", 900us, of(NginxLimitReq{})},          {"haproxy", 20ms, of(HaproxyRate{})},
          {"redis", 240ms, of(RedisFixedWindow{})},       {"redisson", 240ms, of(RedissonSlidingLog{})},
          {"calendar", 240ms, of(CalendarSecond{})},      {"full_bucket", 240ms, of(FullTokenBucket{})},
          {"empty_bucket", 900us, of(GuavaRateLimiter{})}};
}

}  // namespace sluice::pacing::testing
