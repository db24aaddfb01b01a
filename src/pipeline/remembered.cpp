#include "remembered.hpp"

#include <algorithm>
#include <utility>

#include "sluice/base/check.hpp"

namespace sluice::pipeline {

namespace {

ports::OrderIds ids_of(const orders::Order& order, std::uint64_t mark) {
  ports::OrderIds found{.mark = mark, .ids = {}};
  const auto fields = orders::service(order.service()).fields;
  std::size_t next = 0;
  for (std::size_t i = 0; i < fields.size() && next < found.ids.size(); ++i) {
    const auto value = orders::is_id(fields[i].kind) ? order.value(i) : std::nullopt;
    if (value) found.ids[next++] = *value;
  }
  return found;
}

}  // namespace

std::vector<ports::OrderIds> ids_of(const ports::Batch& batch, std::vector<orders::Order> orders,
                                    const std::vector<records::RowResult>& settled) {
  std::vector<ports::OrderIds> ids;
  if (orders.empty()) return ids;
  SLUICE_CHECK(orders.size() == batch.rows.size(), "each row of a batch has its order");
  ids.reserve(settled.size());
  for (const auto& result : settled) {
    const auto row = std::ranges::lower_bound(batch.rows, result.row, {}, &records::RowRef::row);
    SLUICE_CHECK(row != batch.rows.end() && row->row == result.row, "a settled row is one of its batch");
    const auto at = static_cast<std::size_t>(row - batch.rows.begin());
    // Of a batch that an older version planned there are no marks: it is found by its ids alone.
    ids.push_back(ids_of(orders[at], batch.marks.empty() ? 0 : batch.marks[at]));
  }
  return ids;
}

}  // namespace sluice::pipeline
