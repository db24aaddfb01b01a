#include "look_backs.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

#include "placed_matches.hpp"

namespace sluice::pipeline {

using ports::Task;

namespace {
constexpr auto kTurn = std::chrono::milliseconds(4);
}

/// In the frame of who asks.
struct LookBacks::Lookup {
  PlacedMatches matches;
  WallTime since;
  JobId own;
  std::unique_ptr<ports::Clock::Timer> done;
  std::optional<Result<void>> passed;
};

Task<Result<PlacedBefore>> LookBacks::look(MarkedOrders orders, WallTime since, JobId own) {
  Lookup mine{.matches = PlacedMatches(orders), .since = since, .own = own, .done = clock_.timer(), .passed = {}};
  waiting_.push_back(&mine);
  while (!mine.passed) {
    // Whoever comes during a pass waits for the next, which the first of those that wait begins.
    if (under_way_) {
      co_await mine.done->wait(clock_.now() + std::chrono::hours(1));
    } else {
      co_await pass();
    }
  }
  if (!*mine.passed) co_return std::unexpected(mine.passed->error());
  co_return co_await mine.matches.named(ledger_);
}

Task<void> LookBacks::pass() {
  under_way_ = true;
  const auto together = std::exchange(waiting_, {});
  const auto passed = co_await go_through(together);
  under_way_ = false;
  for (auto* lookup : together) {
    lookup->passed = passed;
    lookup->done->wake();
  }
  if (!waiting_.empty()) waiting_.front()->done->wake();
}

Task<Result<void>> LookBacks::go_through(const std::vector<Lookup*>& together) {
  const auto since = std::ranges::min(together, {}, &Lookup::since)->since;
  ports::PlacedPage page{.placed = {}, .last = 0, .end = false};
  while (!page.end) {
    auto next = co_await ledger_.placed(since, page.last);
    if (!next) co_return std::unexpected(next.error());
    page = std::move(*next);
    auto turn_ends = clock_.now() + kTurn;
    for (auto* lookup : together) {
      for (const auto& placed : page.placed) {
        if (placed.job != lookup->own && placed.at >= lookup->since) lookup->matches.look(placed);
      }
      if (clock_.now() < turn_ends) continue;
      // Answers of other jobs are settled in between.
      co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
      turn_ends = clock_.now() + kTurn;
    }
  }
  co_return Result<void>{};
}

}  // namespace sluice::pipeline
