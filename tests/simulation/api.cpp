#include "api.hpp"

#include <algorithm>
#include <utility>

#include "sluice/base/check.hpp"

namespace sluice::simulation {

namespace {

std::string memory_key(const orders::Service& service, const std::string& key) {
  return fmt::format("{}/{}", service.name, key);
}

Reply spoken(const Lie& lie) {
  Reply reply;
  reply.http.status = lie.status;
  reply.http.content_type = lie.content_type;
  reply.http.retry_after = lie.retry_after;
  reply.http.body = lie.body;
  reply.certainty = lie.can_apply ? Certainty::maybe : Certainty::not_applied;
  reply.closes_line = lie.closes_line;
  const bool of_the_orders = lie.status == 400 || lie.status == 413;
  reply.consumes_nothing = !lie.can_apply && !of_the_orders;
  return reply;
}

const orders::Service* find_service(std::string_view path) {
  for (const auto& service : orders::services()) {
    if (service.path == path) return &service;
  }
  return nullptr;
}

}  // namespace

Api::Api(const Scenario& scenario, const Weather& weather, Random random, Trace& trace, Listener listener)
    : scenario_(scenario),
      weather_(weather),
      random_(random),
      trace_(trace),
      listener_(std::move(listener)),
      fates_(scenario.fates.begin(), scenario.fates.end()) {}

bool Api::over_the_limit(Nanos now, bool counts) {
  const Nanos per = scenario_.settings.rate.per;
  while (!window_.empty() && window_.front().first <= now - per) window_.pop_front();
  window_.emplace_back(now, counts);
  const auto promised = std::ranges::count_if(window_, [](const auto& arrival) { return arrival.second; });
  // What a proxy acknowledged may take a quarter of a second more than the request a limit later.
  const std::uint64_t limit = scenario_.settings.rate.requests;
  const std::uint64_t bound = scenario_.proxied ? limit + limit / 4 + 1 : limit;
  if (counts && static_cast<std::uint64_t>(promised) > bound) {
    listener_.violated(
        fmt::format("I5: {} requests arrived within {} ms", promised, scenario_.settings.rate.per.count()));
  }
  return window_.size() > scenario_.settings.rate.requests;
}

/// One order alone that is refused as a request twice, on `hold` once, has failed for good: no answer could mend it if
/// that were untrue. So what is placed is not called a bad request, and on `hold` one order alone is not called so
/// untruly.
const Lie* Api::as_it_can_be(const Lie* lie, const std::vector<ArrivedOrder>& orders, std::string_view service) const {
  if (!lie) return lie;
  const bool bad_request = lie->status == 400 || lie->status == 413;
  const bool placed = std::ranges::any_of(
      orders, [&](const ArrivedOrder& order) { return taken_.contains(fmt::format("{}/{}", service, order.key)); });
  const bool untold = lie->untrue && !scenario_.no_can_be_untrue;
  // An answer that was given before the turn may be read after it, so what will be counts, too.
  const bool on_hold =
      scenario_.settings.retry.in_doubt == config::InDoubt::hold ||
      std::ranges::any_of(scenario_.deeds, [](const DeedPlan& d) { return d.deed == Deed::turn_to_hold; });
  const bool not_asked_again = orders.size() == 1 && on_hold;
  const bool final = bad_request && (placed ? scenario_.no_can_be_untrue : lie->untrue && not_asked_again);
  return untold || final ? &bad_gateway_lie() : lie;
}

/// What the API itself answers instead of handling the orders.
const Lie* Api::objection(Nanos now, const Request& request, const std::vector<ArrivedOrder>& orders) {
  if (request.credential != credential) return &unauthorized_lie(scenario_.unauthorized_in_envelope);
  if (orders.size() > scenario_.api_max_orders) return &too_large_lie();
  if (scenario_.repeat_window > Nanos{0}) {
    const auto [seen, fresh] = bodies_.try_emplace(request.body, now);
    const bool repeated = !fresh && now - seen->second < scenario_.repeat_window;
    seen->second = now;
    if (repeated) return &repeat_lie();
  }
  const bool poisoned = std::ranges::any_of(orders, [this](const ArrivedOrder& order) {
    const auto fate = fates_.find(order.key);
    return fate != fates_.end() && fate->second.poison;
  });
  return poisoned ? &bad_gateway_lie() : nullptr;
}

Api::Row Api::handle(const orders::Service& service, const ArrivedOrder& order, std::uint64_t post, std::size_t index,
                     bool late) {
  const auto fate = fates_.find(order.key);
  if (fate != fates_.end() && fate->second.status != 1) return {fate->second.status, ""};
  const std::string key = memory_key(service, order.key);
  if (scenario_.overlap_guard && (taken_.contains(key) || meets_work(key, post))) return {6, ""};
  // Drawn once a sending: a second delivery by the network fares as the first did, whatever the weather is then.
  const auto odds = odds_.try_emplace(post, Odds{weather_.internal_error, weather_.odd_status}).first->second;
  Random random(scenario_.seed ^ (post << 16) ^ index);
  if (random.per_mille(odds.internal_error)) return {service.id == orders::ServiceId::create ? 9 : 10, ""};
  const Work work{post, index, key};
  if (late) {
    late_.push_back(work);
  } else {
    apply(work);
  }
  if (random.per_mille(odds.odd_status)) return {kOddStatus, ""};
  return {1, std::to_string(next_order_id_++)};
}

/// No client can wait for what the network brings later than any answer could come: there the order under way counts.
bool Api::meets_work(const std::string& key, std::uint64_t post) const {
  return std::ranges::any_of(late_, [&](const Work& work) { return work.key == key && work.post > post; });
}

void Api::apply(const Work& work) {
  taken_.insert(work.key);
  listener_.applied(work.post, work.index);
}

void Api::commit_late(std::uint64_t post) {
  for (const auto& work : late_) {
    if (work.post == post) apply(work);
  }
  std::erase_if(late_, [post](const Work& work) { return work.post == post; });
}

void Api::commit_late() {
  for (const auto& work : std::exchange(late_, {})) apply(work);
}

Reply Api::cached(const Request& request) {
  const orders::Service* service = find_service(request.path);
  const auto orders = service ? read_body(*service, request.body) : std::nullopt;
  if (!orders) return spoken(bad_gateway_lie());
  Reply reply;
  reply.http.status = 200;
  reply.http.content_type = "application/json;charset=utf-8";
  if (random_.per_mille(500)) {
    reply.http.age = "17";
  } else {
    reply.http.cache = "X-Cache: HIT";
  }
  const std::vector<std::pair<int, std::string>> rows(orders->size(), {1, "1"});
  reply.http.body = honest_body(*service, *orders, rows, std::vector<bool>(rows.size(), true), random_).bytes;
  reply.certainty = Certainty::maybe;
  reply.closes_line = true;
  return reply;
}

Reply Api::arrive(Nanos now, const Request& request, const Lie* lie) {
  ++arrivals_total_;
  trace_(now, "api: request {} arrives{}{}", request.post, request.late ? ", late" : "",
         request.duplicate ? ", again" : "");
  const bool limited = over_the_limit(now, !request.late && !request.duplicate);
  if (request.post == 0) return {};  // the other participant's: only counted
  if (limited) return spoken(throttled_lie());
  const orders::Service* service = find_service(request.path);
  const auto orders = service ? read_body(*service, request.body) : std::nullopt;
  if (!orders) {
    listener_.violated(fmt::format("a request the API can't read: {} {}", request.path, request.body));
    return spoken(bad_gateway_lie());
  }
  if (const Lie* refusal = objection(now, request, *orders)) return spoken(*refusal);
  lie = as_it_can_be(lie, *orders, service->name);
  // A copy of what was turned away is turned away: else no answer of the API's would mean anything.
  if (request.duplicate && !handled_.contains(request.post)) return spoken(bad_gateway_lie());
  handled_.insert(request.post);

  // A lie that can have applied: all, nothing, or the orders up to where it broke down.
  const std::size_t handled = !lie                            ? orders->size()
                              : lie->can_apply || lie->untrue ? random_.below(orders->size() + 1)
                                                              : 0;
  std::vector<std::pair<int, std::string>> rows;
  for (std::size_t i = 0; i < handled; ++i) {
    const Row row = handle(*service, (*orders)[i], request.post, i, lie ? lie->late : request.slow);
    rows.emplace_back(row.status, row.order_id);
  }
  if (lie) return spoken(*lie);
  Reply reply;
  reply.http.status = 200;
  reply.http.content_type = "application/json;charset=utf-8";
  reply.certainty = Certainty::rows;
  reply.has_row.assign(rows.size(), true);
  for (const auto& row : rows) reply.untold.push_back(row.first == kOddStatus);
  for (std::size_t i = 0; request.drops_rows && i < rows.size(); ++i) reply.has_row[i] = random_.per_mille(600);
  auto body = honest_body(*service, *orders, rows, reply.has_row, random_);
  reply.http.body = std::move(body.bytes);
  // Rows that don't name their order pair with nothing where one is missing.
  if (!body.names_orders && std::ranges::count(reply.has_row, false) > 0) reply.certainty = Certainty::maybe;
  return reply;
}

}  // namespace sluice::simulation
