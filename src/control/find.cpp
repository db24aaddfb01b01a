#include "sluice/control/find.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "history_pages.hpp"
#include "parsed.hpp"
#include "printable.hpp"
#include "sluice/control/views.hpp"
#include "sluice/text/words.hpp"
#include "sluice/text/words/operating.hpp"

namespace sluice::control {

namespace {

namespace json = boost::json;
using ports::RememberedOrder;
using ports::Task;
using text::Word;

constexpr std::size_t kMostOrders = 1000;
constexpr std::size_t kLongestId = 200;

/// "2026-11-26 09:30:00", of RFC 3339.
std::string to_the_second(std::string_view time) {
  return time.size() < 19 ? std::string(time) : fmt::format("{} {}", time.substr(0, 10), time.substr(11, 8));
}

json::object ids_object(const RememberedOrder& order, const std::optional<ports::JobHeader>& job) {
  json::object ids;
  std::size_t next = 0;
  if (!job || !job->service) return ids;
  for (const auto& field : orders::service(job->service).fields) {
    if (orders::is_id(field.kind) && next < order.ids.size()) ids[field.name] = order.ids[next++];
  }
  return ids;
}

std::string_view looked_up_name(ports::LookedUp looked_up) {
  return looked_up == ports::LookedUp::applied       ? "applied"
         : looked_up == ports::LookedUp::not_applied ? "not_applied"
                                                     : "";
}

json::object order_object(const RememberedOrder& order, const std::optional<ports::JobHeader>& job,
                          ports::LookedUp looked_up) {
  const auto& result = order.result;
  return {{"job", to_string(order.job)},
          {"name", job ? readable_name(*job) : ""},
          {"service", job && job->service ? orders::service(job->service).name : ""},
          {"row", result.row},
          {"ids", ids_object(order, job)},
          {"outcome", records::name(result.outcome)},
          {"status", result.status ? json::value(*result.status) : json::value(nullptr)},
          {"message", std::string_view(result.message)},
          {"order_id", result.order_id.str()},
          {"start_time", std::string_view(result.start_time)},
          {"end_time", std::string_view(result.end_time)},
          {"attempts", result.attempts},
          {"request", std::string_view(result.request)},
          {"at", time_or_null(result.at)},
          {"looked_up", looked_up_name(looked_up)}};
}

/// What is remembered of it, the last first.
Task<Result<std::vector<RememberedOrder>>> all_of(ports::Ledger& ledger, std::string id) {
  std::vector<RememberedOrder> found;
  const auto done = co_await each_remembered(ledger, {.id = std::move(id), .job = {}}, [&](RememberedOrder order) {
    found.push_back(std::move(order));
    // Those settled last are what somebody asks for; an id that stands in every order must not fill the memory.
    if (found.size() > 2 * kMostOrders) found.erase(found.begin(), found.end() - kMostOrders);
  });
  if (!done) co_return std::unexpected(done.error());
  std::ranges::reverse(found);
  if (found.size() > kMostOrders) found.resize(kMostOrders);
  co_return found;
}

std::string ids_text(const json::object& order) {
  std::string words;
  const auto* ids = order.if_contains("ids");
  if (ids == nullptr || !ids->is_object()) return words;
  for (const auto& [name, id] : ids->as_object()) {
    if (id.is_string())
      words +=
          fmt::format("{}{} {}", words.empty() ? "" : ", ", std::string_view(name), std::string_view(id.as_string()));
  }
  return words;
}

std::string number_text(const json::object& order, std::string_view key) {
  const auto* value = order.if_contains(key);
  return value == nullptr || value->is_null() ? "" : json::serialize(*value);
}

std::string outcome_shown(text::Lang lang, std::string_view outcome) {
  for (const auto one : records::kEveryOutcome) {
    if (records::name(one) == outcome) return text::in(lang, outcome_words(one));
  }
  return std::string(outcome);
}

std::string order_text(text::Lang lang, const json::object& order) {
  const auto say = [&](Word word, std::vector<std::string> values) {
    return text::say(lang, {word, std::move(values)});
  };
  const auto line = [](const std::string& words) {
    return words.empty() ? "" : fmt::format("    {}\n", printable(words));
  };
  const auto of = [&](std::string_view key) { return std::string(word_of(order, key)); };
  const auto status = number_text(order, "status");
  auto out = fmt::format(
      "{}\n", printable(say(Word::found_order, {of("job"), printable_name(of("name")), number_text(order, "row"),
                                                outcome_shown(lang, of("outcome"))})));
  out += line(ids_text(order));
  out += line(status.empty() ? of("message") : say(Word::found_status, {status, of("message")}));
  if (!of("order_id").empty()) out += line(say(Word::found_order_id, {of("order_id")}));
  if (!of("start_time").empty()) out += line(say(Word::found_times, {of("start_time"), of("end_time")}));
  out += line(say(Word::found_request, {to_the_second(of("at")), of("request"), number_text(order, "attempts")}));
  if (of("looked_up") == "applied") out += line(say(Word::found_applied, {}));
  if (of("looked_up") == "not_applied") out += line(say(Word::found_not_applied, {}));
  return out;
}

}  // namespace

std::string find_json(const std::string& id) {
  return json::serialize(json::object{{"id", id}});
}

Result<std::string> parse_find(std::string_view text) {
  const auto asked = parsed(text);
  const auto id = asked ? std::string(word_of(*asked, "id")) : "";
  if (id.empty() || id.size() > kLongestId) return fail(ErrorKind::usage, text::words::expects_id());
  return id;
}

Task<Result<std::string>> find_answer(ports::Ledger& ledger, std::string id, WallTime now) {
  const auto found = co_await all_of(ledger, id);
  if (!found) co_return std::unexpected(found.error());
  const auto doubts = co_await ledger.doubts(now);
  if (!doubts) co_return std::unexpected(doubts.error());
  std::map<JobId, std::optional<ports::JobHeader>> jobs;
  json::array orders;
  for (const auto& order : *found) {
    if (!jobs.contains(order.job)) {
      auto job = co_await ledger.job(order.job);
      if (!job) co_return std::unexpected(job.error());
      jobs.emplace(order.job, std::move(*job));
    }
    const auto doubt = std::ranges::find_if(
        *doubts, [&](const auto& one) { return one.job == order.job && one.row == order.result.row; });
    orders.push_back(
        order_object(order, jobs.at(order.job), doubt == doubts->end() ? ports::LookedUp::not_yet : doubt->looked_up));
  }
  co_return json::serialize(json::object{{"id", id}, {"orders", std::move(orders)}});
}

std::string elements_json(const std::vector<std::string>& elements) {
  return json::serialize(json::object{{"orders", json::array(elements.begin(), elements.end())}});
}

Result<std::vector<std::string>> parse_elements(std::string_view text) {
  const auto asked = parsed(text);
  const auto* orders = asked ? array_of(*asked, "orders") : nullptr;
  if (orders == nullptr) return fail(ErrorKind::usage, text::words::expects_elements());
  std::vector<std::string> elements;
  for (const auto& order : *orders) {
    if (order.is_string()) elements.emplace_back(order.as_string());
  }
  return elements;
}

std::string placed_json(const pipeline::PlacedBefore& placed) {
  // A name may be any bytes; it is shown and never used.
  return json::serialize(json::object{{"orders", placed.orders},
                                      {"job", placed.last ? to_string(*placed.last) : ""},
                                      {"name", text::shown(placed.last_name)}});
}

Result<pipeline::PlacedBefore> parse_placed(std::string_view text) {
  const auto answer = parsed(text);
  if (!answer) return std::unexpected(answer.error());
  const auto* orders = answer->if_contains("orders");
  pipeline::PlacedBefore placed;
  if (orders != nullptr && orders->is_number()) placed.orders = orders->to_number<std::uint64_t>();
  placed.last = parse_job_id(word_of(*answer, "job"));
  placed.last_name = word_of(*answer, "name");
  return placed;
}

Result<std::string> find_text(std::string_view text, text::Lang lang) {
  const auto answer = parsed(text);
  if (!answer) return std::unexpected(answer.error());
  const auto* orders = array_of(*answer, "orders");
  if (orders == nullptr) return unreadable();
  std::string out;
  for (const auto& order : *orders) {
    if (order.is_object()) out += order_text(lang, order.as_object());
  }
  if (!out.empty()) return out;
  return text::say(lang, {Word::found_nothing, {printable(word_of(*answer, "id"))}}) + "\n";
}

}  // namespace sluice::control
