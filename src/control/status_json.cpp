// Status to JSON and back. Which key holds which member is said once, for both directions.
#include <boost/json.hpp>

#include <algorithm>
#include <concepts>
#include <type_traits>

#include "job_state_names.hpp"
#include "sluice/base/rfc3339.hpp"
#include "sluice/control/views.hpp"

namespace sluice::control {

namespace {

namespace json = boost::json;

template <class T, class Plain>
concept Record = std::same_as<std::remove_const_t<T>, Plain>;

template <Record<pipeline::JobStatus> T, class Visit>
void each_field(T& job, Visit&& visit) {
  visit("job", job.id);
  visit("name", job.name);
  visit("state", job.state);
  visit("service", job.service);
  visit("rows", job.rows);
  visit("counts", job.counts);
  visit("unsettled", job.unsettled);
  visit("in_flight", job.in_flight);
  visit("maybe_applied", job.maybe_applied);
  visit("requests", job.requests);
  visit("eta", job.eta);
  visit("held", job.held);
  visit("waits", job.waits);
}

template <Record<pipeline::EndedJob> T, class Visit>
void each_field(T& job, Visit&& visit) {
  visit("job", job.id);
  visit("name", job.name);
  visit("state", job.state);
  visit("rows", job.rows);
  visit("exit", job.exit);
  visit("counts", job.counts);
  visit("finished", job.finished);
}

template <Record<pipeline::JobInDoubt> T, class Visit>
void each_field(T& job, Visit&& visit) {
  visit("job", job.id);
  visit("name", job.name);
  visit("orders", job.orders);
  visit("file", job.file);
}

template <Record<pipeline::Status> T, class Visit>
void each_field(T& status, Visit&& visit) {
  visit("at", status.at);
  visit("note", status.note);
  visit("pause", status.pause);
  visit("pause_words", status.pause_words);
  visit("paused_since", status.paused_since);
  visit("rate", status.rate);
  visit("recent_rate", status.recent_rate);
  visit("widening", status.widening);
  visit("closed_until", status.closed_until);
  visit("in_flight", status.in_flight);
  visit("requests", status.requests);
  visit("throttled", status.throttled);
  visit("credential", status.credential);
  visit("jobs", status.jobs);
  visit("finished", status.ended);
  visit("in_doubt", status.in_doubt);
  visit("waiting", status.waiting);
}

template <class T>
concept Fields = requires(T& record) { each_field(record, [](std::string_view, auto&) {}); };

json::value written(const std::string& text) {
  return json::value(text);
}
template <class Number>
  requires std::is_arithmetic_v<Number>
json::value written(Number number) {
  return json::value(number);
}
json::value written(JobId id) {
  return json::value(to_string(id));
}
json::value written(WallTime t) {
  return json::value(rfc3339(t));
}
json::value written(const std::optional<WallTime>& t) {
  return t ? written(*t) : json::value(nullptr);
}
json::value written(pipeline::Pause pause) {
  return json::value(pipeline::name(pause));
}
json::value written(ports::JobState state) {
  return json::value(name(state));
}
json::value written(const ports::Counts& counts) {
  json::object object;
  for (const auto outcome : records::kEveryOutcome) object[records::name(outcome)] = counts[outcome];
  return object;
}
template <class T>
json::value written(const std::vector<T>& list);
template <Fields T>
json::value written(const T& record) {
  json::object object;
  each_field(record, [&](std::string_view key, const auto& member) { object[key] = written(member); });
  return object;
}
template <class T>
json::value written(const std::vector<T>& list) {
  json::array array;
  for (const auto& item : list) array.push_back(written(item));
  return array;
}

std::string_view words(const json::value& value) {
  return value.is_string() ? std::string_view(value.as_string()) : std::string_view();
}

void read(const json::value& value, std::string& text) {
  text = words(value);
}
template <class Number>
  requires std::is_arithmetic_v<Number>
void read(const json::value& value, Number& number) {
  boost::system::error_code error;
  const auto read = value.is_number() ? value.to_number<Number>(error) : number;
  if (!error) number = read;
}
void read(const json::value& value, JobId& id) {
  id = parse_job_id(words(value)).value_or(id);
}
void read(const json::value& value, WallTime& t) {
  t = parse_rfc3339(words(value)).value_or(t);
}
void read(const json::value& value, std::optional<WallTime>& t) {
  t = parse_rfc3339(words(value));
}
void read(const json::value& value, pipeline::Pause& pause) {
  using enum pipeline::Pause;
  for (const auto one : {none, by_operator, authorization, certificate, address, outage, storage, stopping}) {
    if (words(value) == pipeline::name(one)) pause = one;
  }
}
void read(const json::value& value, ports::JobState& state) {
  state = job_state(words(value)).value_or(state);
}
void read(const json::value& value, ports::Counts& counts) {
  if (!value.is_object()) return;
  for (const auto outcome : records::kEveryOutcome) {
    if (const auto* count = value.as_object().if_contains(records::name(outcome))) read(*count, counts[outcome]);
  }
}
template <class T>
void read(const json::value& value, std::vector<T>& list);
template <Fields T>
void read(const json::value& value, T& record) {
  if (!value.is_object()) return;
  each_field(record, [&](std::string_view key, auto& member) {
    if (const auto* found = value.as_object().if_contains(key)) read(*found, member);
  });
}
template <class T>
void read(const json::value& value, std::vector<T>& list) {
  if (!value.is_array()) return;
  for (const auto& item : value.as_array()) read(item, list.emplace_back());
}

}  // namespace

std::string status_json(const pipeline::Status& status) {
  return json::serialize(written(status));
}

Result<pipeline::Status> parse_status(std::string_view text) {
  boost::system::error_code error;
  const auto value = json::parse({text.data(), text.size()}, error);
  if (error || !value.is_object())
    return fail(ErrorKind::bad_input, "the daemon's answer can't be read: another version?");
  pipeline::Status status;
  read(value, status);
  return status;
}

}  // namespace sluice::control
