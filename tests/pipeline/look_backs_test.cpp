#include "pipeline/look_backs.hpp"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>

#include "fake_clock.hpp"
#include "memory_ledger.hpp"

namespace sluice::pipeline {
namespace {

/// Says how often somebody went through what it remembers.
class CountingLedger final : public MemoryLedger {
 public:
  ports::Task<Result<ports::PlacedPage>> placed(WallTime since, std::uint64_t after) override {
    ++passes;
    // As a real one does, it answers later: all who ask meanwhile have asked by then.
    co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
    co_return co_await MemoryLedger::placed(since, after);
  }
  int passes = 0;
};

constexpr JobId job(std::uint64_t n) {
  return {.day = 20240115, .n = n};
}

class LookBacksTest : public testing::Test {
 protected:
  LookBacksTest() {
    for (const std::uint64_t n : {1, 2}) {
      ports::JobHeader header;
      header.id = job(n);
      ledger.store.apply(
          {ports::PutJob{header},
           ports::Remember{.job = header.id, .at = WallTime(Millis(n)), .rows = {}, .orders = {{.mark = n}}}});
    }
  }
  /// Of orders with the marks 1 and 2.
  void look(std::size_t at, JobId own, std::int64_t since = 0) {
    clock.spawn([](LookBacksTest& test, std::size_t place, JobId by, WallTime from) -> ports::Task<void> {
      const MarkedOrders orders{.most = 2, .number_of = [](std::uint64_t mark) { return std::optional(mark); }};
      test.found[place] = (co_await test.look_backs.look(orders, from, by)).value();
    }(*this, at, own, WallTime(Millis(since))));
  }

  FakeClock clock;
  CountingLedger ledger;
  LookBacks look_backs{clock, ledger};
  std::map<std::size_t, PlacedBefore> found;
};

TEST_F(LookBacksTest, FilesThatAreReadTogetherShareAPassThroughWhatTheLedgerRemembers) {
  for (std::size_t i = 0; i < 20; ++i) look(i, job(100 + i));
  clock.pass(std::chrono::minutes(1));
  ASSERT_EQ(found.size(), 20U);
  for (const auto& [at, placed] : found) EXPECT_EQ(placed, (PlacedBefore{.orders = 2, .last = job(2)}));
  EXPECT_EQ(ledger.passes, 2) << "whoever comes during a pass waits for the next";
}

TEST_F(LookBacksTest, EachIsToldOfItsOwnOnly) {
  look(0, job(1));
  look(1, job(2));
  look(2, job(3), 2);
  clock.pass(std::chrono::minutes(1));
  EXPECT_EQ(found[0], (PlacedBefore{.orders = 1, .last = job(2)}));
  EXPECT_EQ(found[1], (PlacedBefore{.orders = 1, .last = job(1)}));
  EXPECT_EQ(found[2], (PlacedBefore{.orders = 1, .last = job(2)})) << "what was placed before that does not count";
}

}  // namespace
}  // namespace sluice::pipeline
