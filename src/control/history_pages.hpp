#pragma once

#include <utility>

#include "sluice/ports/ledger.hpp"

namespace sluice::control {

/// Gives each order that the history has on the query to `visit`, oldest first, a page at a time.
template <class Visit>
ports::Task<Result<void>> each_remembered(ports::Ledger& ledger, ports::HistoryQuery query, Visit visit) {
  ports::HistoryPage page{.orders = {}, .last = 0, .end = false};
  while (!page.end) {
    auto next = co_await ledger.history(query, page.last);
    if (!next) co_return std::unexpected(next.error());
    page = std::move(*next);
    for (auto& order : page.orders) visit(std::move(order));
  }
  co_return Result<void>{};
}

}  // namespace sluice::control
