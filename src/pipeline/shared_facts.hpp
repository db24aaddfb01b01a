#pragma once

#include <cstdint>
#include <functional>
#include <utility>

#include "sluice/base/error.hpp"
#include "sluice/ports/clock.hpp"

namespace sluice::pipeline {

/// What all hosts of an account go by and any of them may change: the orders in doubt, the operator's pause, the day's
/// count of first sends. Read from the ledger at the start, and again once it may have changed there. While it is
/// expired nothing is announced, and nothing is read while an announcement is under way: each is made on what was known
/// when its orders were judged, and the ledger compares it with what was read last.
class SharedFacts {
 public:
  /// `read` takes all of it over from the ledger, or nothing.
  explicit SharedFacts(std::function<ports::Task<Result<void>>()> read) : read_(std::move(read)) {}

  /// The ledger may know better.
  void expire() { ++expired_; }
  bool expired() const { return expired_ != 0; }
  /// Changes with each reading.
  std::uint64_t edition() const { return edition_; }

  /// An announcement begins, and has come back.
  void announcing() { ++announcing_; }
  void announced() { --announcing_; }

  bool may_read() const { return expired() && announcing_ == 0; }
  /// Only where it may. One at a time: the sender alone asks, between two looks at what it may start.
  ports::Task<Result<void>> read_again() {
    const auto before = expired_;
    auto done = co_await read_();
    ++edition_;
    // What expired meanwhile may not have been in what was read.
    if (done && expired_ == before) expired_ = 0;
    co_return done;
  }

 private:
  std::function<ports::Task<Result<void>>()> read_;
  std::uint64_t expired_ = 0;
  std::uint64_t edition_ = 0;
  std::uint32_t announcing_ = 0;
};

}  // namespace sluice::pipeline
