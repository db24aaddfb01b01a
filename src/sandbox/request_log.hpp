#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sliding_limit.hpp"
#include "sluice/base/time.hpp"

namespace sluice::sandbox {

/// One request for the API, as the sandbox saw it. Times are CLOCK_MONOTONIC.
struct Seen {
  std::uint64_t number = 0;  ///< from 1
  std::string_view service;  ///< "create", "modify"; empty: no such path
  Nanos arrived{};           ///< header read
  Nanos answered{};          ///< last byte handed to the system; zero: not (yet)
  std::size_t orders = 0;
  std::size_t applied = 0;  ///< of these
  int status = 0;           ///< HTTP; 0: none was sent
  std::string what;         ///< "answered", the fault's spec, "throttled", "unauthorized", "bad request", …
};

/// What arrived, for tests to judge a client by. Keeps the last `keep` requests, and counts all.
class RequestLog {
 public:
  explicit RequestLog(std::size_t keep) : keep_(keep) {}

  /// Notes an arrival; the number it gets.
  std::uint64_t arrival(std::string_view service, Nanos now);
  /// The entry of a number, while it is kept; else nullptr.
  Seen* find(std::uint64_t number);
  /// What a request held and how it was answered; status 0: not at all.
  void count(std::string_view service, std::size_t orders, int status);

  std::uint64_t requests() const { return requests_; }
  std::uint64_t orders() const { return orders_; }  ///< received, applied or not
  std::size_t worst_second() const { return worst_.worst(); }
  Nanos first_arrival() const { return first_; }
  Nanos last_arrival() const { return last_; }
  Nanos least_gap() const { return least_gap_; }
  const std::map<std::string, std::map<int, std::uint64_t>>& counts() const { return counts_; }
  const std::deque<Seen>& kept() const { return seen_; }

 private:
  std::size_t keep_;
  std::uint64_t requests_ = 0;
  std::uint64_t orders_ = 0;
  Nanos first_{};
  Nanos last_{};
  Nanos least_gap_ = Nanos::max();
  WorstSecond worst_;
  std::map<std::string, std::map<int, std::uint64_t>> counts_;
  std::deque<Seen> seen_;
};

}  // namespace sluice::sandbox
