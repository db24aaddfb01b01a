#include "sluice/control/resolution_json.hpp"

#include <boost/json.hpp>

#include <charconv>

#include "sluice/base/rfc3339.hpp"
#include "sluice/text/words/operating.hpp"
#include "sluice/text/words/status.hpp"

namespace sluice::control {

namespace {

namespace json = boost::json;
using ports::LookedUp;

constexpr std::string_view kApplied = "applied";
constexpr std::string_view kNotApplied = "not_applied";

std::string_view name_of(LookedUp answer) {
  return answer == LookedUp::applied ? kApplied : answer == LookedUp::not_applied ? kNotApplied : "";
}

LookedUp answer_of(std::string_view name) {
  return name == kApplied ? LookedUp::applied : name == kNotApplied ? LookedUp::not_applied : LookedUp::not_yet;
}

json::object parsed(std::string_view text) {
  boost::system::error_code error;
  auto value = json::parse({text.data(), text.size()}, error);
  return error || !value.is_object() ? json::object() : std::move(value.as_object());
}

std::string text_in(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : "";
}

/// A number, or its digits in a text: clients in JavaScript have none of 64 bits.
std::uint64_t number_in(const json::value& value) {
  if (const auto* digits = value.if_string()) {
    std::uint64_t number = 0;
    const auto [end, broken] = std::from_chars(digits->data(), digits->data() + digits->size(), number);
    return broken == std::errc{} && end == digits->data() + digits->size() ? number : 0;
  }
  boost::system::error_code error;
  const auto number = value.is_number() ? value.to_number<std::uint64_t>(error) : 0;
  return error ? 0 : number;
}

std::uint64_t number_in(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value == nullptr ? 0 : number_in(*value);
}

json::array hashes_of(const pipeline::Resolution& resolution, LookedUp answer) {
  json::array hashes;
  for (const auto& [hash, said] : resolution.by_hash) {
    if (said == answer) hashes.push_back(hash);
  }
  return hashes;
}

void take_hashes(const json::object& object, LookedUp answer, pipeline::Resolution& resolution) {
  const auto* hashes = object.if_contains(name_of(answer));
  if (hashes == nullptr || !hashes->is_array()) return;
  for (const auto& hash : hashes->as_array()) resolution.by_hash.emplace(number_in(hash), answer);
}

}  // namespace

std::string resolution_json(const pipeline::Resolution& resolution) {
  json::object object{{"force", resolution.force}};
  if (resolution.all != LookedUp::not_yet) {
    object["all"] = name_of(resolution.all);
  } else {
    for (const auto answer : {LookedUp::applied, LookedUp::not_applied})
      object[name_of(answer)] = hashes_of(resolution, answer);
  }
  return json::serialize(object);
}

bool says_force(std::string_view text) {
  const auto object = parsed(text);
  const auto* force = object.if_contains("force");
  return force != nullptr && force->is_bool() && force->as_bool();
}

Result<pipeline::Resolution> parse_resolution(JobId job, std::string_view text) {
  const auto object = parsed(text);
  pipeline::Resolution resolution{.job = job, .all = answer_of(text_in(object, "all")), .by_hash = {}};
  resolution.force = says_force(text);
  take_hashes(object, LookedUp::applied, resolution);
  take_hashes(object, LookedUp::not_applied, resolution);
  if (resolution.all == LookedUp::not_yet && resolution.by_hash.empty())
    return fail(ErrorKind::usage, text::words::resolution_expected());
  return resolution;
}

std::string doubts_json(const std::vector<ports::Doubt>& doubts) {
  json::array list;
  for (const auto& doubt : doubts) {
    list.push_back(json::object{{"order_hash", doubt.order_hash},
                                {"order", doubt.order},
                                {"job", to_string(doubt.job)},
                                {"row", doubt.row},
                                {"since", rfc3339(doubt.since)},
                                {"looked_up", name_of(doubt.looked_up)}});
  }
  return json::serialize(json::object{{"doubts", std::move(list)}});
}

Result<std::vector<ports::Doubt>> parse_doubts(std::string_view text) {
  const auto object = parsed(text);
  const auto* list = object.if_contains("doubts");
  if (list == nullptr || !list->is_array()) return fail(ErrorKind::bad_input, text::words::unreadable_answer());
  std::vector<ports::Doubt> doubts;
  for (const auto& item : list->as_array()) {
    if (!item.is_object()) continue;
    const auto& one = item.as_object();
    doubts.push_back({.order_hash = number_in(one, "order_hash"),
                      .order = text_in(one, "order"),
                      .job = parse_job_id(text_in(one, "job")).value_or(JobId{}),
                      .row = number_in(one, "row"),
                      .since = parse_rfc3339(text_in(one, "since")).value_or(WallTime{}),
                      .looked_up = answer_of(text_in(one, "looked_up"))});
  }
  return doubts;
}

std::string why_json(const std::string& why) {
  return json::serialize(
      json::object{{"why", text::in(text::Lang::en, why)}, {"why_zh", text::in(text::Lang::zh, why)}});
}

Result<std::string> parse_why(std::string_view text) {
  const auto object = parsed(text);
  if (!object.contains("why")) return fail(ErrorKind::bad_input, text::words::unreadable_answer());
  const auto english = text_in(object, "why");
  const auto chinese = text_in(object, "why_zh");
  return chinese.empty() ? english : text::both(english, chinese);
}

}  // namespace sluice::control
