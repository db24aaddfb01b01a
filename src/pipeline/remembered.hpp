#pragma once

#include <vector>

#include "sluice/orders/order.hpp"
#include "sluice/ports/history.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::pipeline {

/// By what the orders of settled rows are found again (keep.orders), one for each. `orders`: of the batch's rows; their
/// ids are taken out of them. Empty: the batch's orders were not read, for none of them was ever sent.
std::vector<ports::OrderIds> ids_of(const ports::Batch& batch, std::vector<orders::Order> orders,
                                    const std::vector<records::RowResult>& settled);

}  // namespace sluice::pipeline
