// A job's orders in doubt, for whoever looks them up.
#include <boost/json.hpp>

#include <algorithm>
#include <ranges>

#include "parsed.hpp"
#include "sluice/text/words/operating.hpp"
#include "web/routes.hpp"

namespace sluice::control::web {

namespace {

namespace json = boost::json;

constexpr std::size_t kMost = 200;

/// The only order of the body that it would be sent in.
json::object element_of(const std::string& body) {
  auto object = parsed(body);
  if (!object || object->empty()) return {};
  auto* list = object->begin()->value().if_array();
  auto* element = list == nullptr || list->empty() ? nullptr : list->front().if_object();
  return element == nullptr ? json::object() : std::move(*element);
}

/// By what a person finds it at the API.
json::object ids_in(const std::string& order) {
  json::object ids;
  const auto element = element_of(order);
  for (const auto* name : {"douyinId", "uid", "orderId"}) {
    if (const auto* id = element.if_contains(name)) ids[name] = *id;
  }
  return ids;
}

std::string_view name(ports::LookedUp answer) {
  constexpr std::string_view kNames[] = {"", "applied", "not_applied"};
  return kNames[static_cast<std::size_t>(answer)];
}

}  // namespace

ports::Task<Answered> doubts(Call call) {
  const auto job = co_await call.desk.ledger.job(call.job);
  if (!job) co_return problem(job.error());
  if (!*job) co_return problem(404, text::words::no_job(call.job));
  auto found = co_await call.desk.ledger.doubts(call.desk.clock.wall());
  if (!found) co_return problem(found.error());
  std::erase_if(*found, [&](const ports::Doubt& doubt) { return doubt.job.n != call.job.n; });
  std::ranges::stable_sort(*found, {},
                           [](const ports::Doubt& one) { return one.looked_up != ports::LookedUp::not_yet; });
  json::array list;
  for (const auto& doubt : *found | std::views::take(kMost)) {
    list.push_back({{"order", std::to_string(doubt.order_hash)},  // JavaScript's numbers are too small for it
                    {"row", doubt.row},
                    {"ids", ids_in(doubt.order)},
                    {"looked_up", name(doubt.looked_up)}});
  }
  co_return Reply{.body = json::serialize(json::object{{"doubts", std::move(list)}, {"doubts_total", found->size()}})};
}

}  // namespace sluice::control::web
