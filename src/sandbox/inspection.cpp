#include "inspection.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace sluice::sandbox {
namespace {

namespace json = boost::json;

std::int64_t micros(Nanos t) {
  return std::chrono::duration_cast<std::chrono::microseconds>(t).count();
}

json::object order_object(const AppliedOrder& order) {
  json::array updates;
  for (const AppliedUpdate& update : order.updates) {
    updates.push_back(json::object{{"oldUid", update.old_uid},
                                   {"newUid", update.new_uid},
                                   {"newDouyinId", update.new_douyin_id},
                                   {"newNickname", update.new_nickname},
                                   {"executeTime", to_text(update.executes)}});
  }
  return {{"orderId", order.order_id},
          {"uid", order.uid},
          {"douyinId", order.douyin_id},
          {"source", order.source},
          {"province", order.province},
          {"nickname", order.nickname},
          {"endMonthTime", order.end_month_time},
          {"isRenew", order.is_renew},
          {"startTime", to_text(order.start)},
          {"pending", order.pending},
          {"updates", std::move(updates)}};
}

}  // namespace

std::string stats_page(const RequestLog& log, const OrderMemory& memory, Nanos now) {
  json::object by_service;
  std::uint64_t throttled = 0;
  for (const auto& [service, statuses] : log.counts()) {
    json::object counts;
    for (const auto& [status, count] : statuses) {
      counts[std::to_string(status)] = count;
      if (status == 429) throttled += count;
    }
    by_service[service] = std::move(counts);
  }
  json::array arrivals;
  for (const Seen& seen : log.kept()) arrivals.push_back(micros(seen.arrived));
  const bool gaps = log.requests() > 1;
  const double seconds = std::chrono::duration<double>(log.last_arrival() - log.first_arrival()).count();
  json::object page{{"requests", log.requests()},
                    {"by_service", std::move(by_service)},
                    {"throttled", throttled},
                    {"worst_second", log.worst_second()},
                    {"least_gap_us", gaps ? json::value(micros(log.least_gap())) : json::value(nullptr)},
                    {"requests_per_second",
                     gaps ? json::value(static_cast<double>(log.requests() - 1) / seconds) : json::value(nullptr)},
                    {"orders_received", log.orders()},
                    {"applied_orders", memory.applied()},
                    {"applied_more_than_once", memory.applied_again()},
                    {"now_us", micros(now)},
                    {"arrivals_us", std::move(arrivals)}};
  return json::serialize(page);
}

std::string requests_page(const RequestLog& log) {
  json::array requests;
  for (const Seen& seen : log.kept()) {
    requests.push_back(
        json::object{{"number", seen.number},
                     {"service", seen.service},
                     {"arrived_us", micros(seen.arrived)},
                     {"answered_us", seen.answered == Nanos{} ? json::value(nullptr) : micros(seen.answered)},
                     {"orders", seen.orders},
                     {"applied", seen.applied},
                     {"status", seen.status},
                     {"what", seen.what}});
  }
  return json::serialize(json::object{{"requests", std::move(requests)}});
}

std::string orders_page(const OrderMemory& memory, std::string_view uid) {
  json::array list;
  if (uid.empty()) {
    for (const AppliedOrder& order : memory.orders()) list.push_back(order_object(order));
  } else {
    for (const AppliedOrder* order : memory.of_uid(uid)) list.push_back(order_object(*order));
  }
  return json::serialize(json::object{{"orders", std::move(list)}});
}

std::string faults_page(const FaultPlan& plan) {
  json::array specs;
  for (const Fault& fault : plan.faults()) specs.push_back(json::string(fault.spec));
  return json::serialize(json::object{{"faults", std::move(specs)}});
}

}  // namespace sluice::sandbox
