#include "remembered.hpp"

#include <span>
#include <utility>

#include "place_in_batch.hpp"
#include "sluice/base/check.hpp"

namespace sluice::pipeline {

namespace {

/// The fields of a service by which its orders are found.
std::vector<std::size_t> id_fields(const orders::Service& service) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < service.fields.size(); ++i) {
    if (orders::is_id(service.fields[i].kind)) found.push_back(i);
  }
  return found;
}

void take_ids(const orders::Order& order, std::span<const std::size_t> fields, ports::OrderIds& taken) {
  std::size_t next = 0;
  for (const auto field : fields) {
    if (next == taken.ids.size()) return;
    if (const auto value = order.value(field)) taken.ids[next++] = *value;
  }
}

}  // namespace

std::vector<ports::OrderIds> ids_of(const ports::Batch& batch, std::vector<orders::Order> orders,
                                    const std::vector<records::RowResult>& settled) {
  std::vector<ports::OrderIds> ids;
  if (orders.empty()) return ids;
  SLUICE_CHECK(orders.size() == batch.rows.size(), "each row of a batch has its order");
  ids.reserve(settled.size());
  const auto fields = id_fields(orders::service(orders.front().service()));
  PlaceInBatch place(batch);
  for (const auto& result : settled) {
    const auto at = place.of(result.row);
    // Of a batch that an older version planned there are no marks: it is found by its ids alone.
    auto& taken = ids.emplace_back();
    if (!batch.marks.empty()) taken.mark = batch.marks[at];
    take_ids(orders[at], fields, taken);
  }
  return ids;
}

}  // namespace sluice::pipeline
