#pragma once

#include <string>
#include <string_view>

#include "fault.hpp"
#include "order_memory.hpp"
#include "request_log.hpp"

namespace sluice::sandbox {

/// The sandbox's own pages, as JSON. Times are CLOCK_MONOTONIC in µs.

/// Totals: requests by service and HTTP status (0: no answer), worst second, arrivals, orders applied and applied
/// again.
std::string stats_page(const RequestLog& log, const OrderMemory& memory, Nanos now);
/// Each kept request: number, service, arrived, answered (null: never), orders, applied, status, what.
std::string requests_page(const RequestLog& log);
/// Every order applied or known, with its updates; only one uid's where it is given.
std::string orders_page(const OrderMemory& memory, std::string_view uid);
/// The faults in force, as they were written.
std::string faults_page(const FaultPlan& plan);

}  // namespace sluice::sandbox
