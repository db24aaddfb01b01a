// The live picture, as JSON and back. Which key holds which member is said once, for both directions.
#include "sluice/control/views.hpp"

#include <boost/json.hpp>

#include <concepts>
#include <type_traits>

#include "job_state_names.hpp"
#include "parsed.hpp"
#include "sluice/base/rfc3339.hpp"
#include "sluice/text/words/status.hpp"
#include "status_object.hpp"

namespace sluice::control {

namespace {

namespace json = boost::json;
using ports::JobState;

constexpr int kStatusVersion = 1;  // of docs/status.schema.json: raised where a key's meaning changes
namespace words = text::words;
using text::in;
using text::Lang;

constexpr const char* kChinese = "_zh";

/// A member that is a text in both languages: two keys, KEY and KEY_zh.
template <class Text>
struct Said {
  Text& text;
};
template <class Text>
Said(Text&) -> Said<Text>;

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
  visit("held", Said{job.held});
  visit("placed_before", Said{job.placed_before});
  visit("waits", Said{job.waits});
}

template <Record<pipeline::EndedJob> T, class Visit>
void each_field(T& job, Visit&& visit) {
  visit("job", job.id);
  visit("name", job.name);
  visit("state", job.state);
  visit("rows", job.rows);
  visit("exit", job.exit);
  visit("counts", job.counts);
  visit("other_starts", job.other_starts);
  visit("finished", job.finished);
}

template <Record<pipeline::JobInDoubt> T, class Visit>
void each_field(T& job, Visit&& visit) {
  visit("job", job.id);
  visit("name", job.name);
  visit("orders", job.orders);
  visit("file", job.file);
}

template <Record<pipeline::HostStatus> T, class Visit>
void each_field(T& host, Visit&& visit) {
  visit("name", host.name);
  visit("ours", host.ours);
  visit("alive", host.alive);
  visit("seen", host.seen);
  visit("jobs", host.jobs);
}

template <Record<pipeline::JobElsewhere> T, class Visit>
void each_field(T& job, Visit&& visit) {
  visit("job", job.id);
  visit("host", job.host);
  visit("name", job.name);
  visit("state", job.state);
  visit("rows", job.rows);
  visit("counts", job.counts);
  visit("held", Said{job.held});
}

template <Record<pipeline::Status> T, class Visit>
void each_field(T& status, Visit&& visit) {
  visit("at", status.at);
  visit("note", Said{status.note});
  visit("pause", status.pause);
  visit("pause_words", Said{status.pause_words});
  visit("paused_since", status.paused_since);
  visit("rate", status.rate);
  visit("recent_rate", status.recent_rate);
  visit("widening", status.widening);
  visit("closed_until", status.closed_until);
  visit("in_flight", status.in_flight);
  visit("requests", status.requests);
  visit("throttled", status.throttled);
  visit("credential", Said{status.credential});
  visit("inbox", Said{status.inbox});
  visit("jobs", status.jobs);
  visit("finished", status.ended);
  visit("in_doubt", status.in_doubt);
  visit("waiting", Said{status.waiting});
  visit("hosts", status.hosts);
  visit("elsewhere", status.elsewhere);
}

template <class T>
concept Fields = requires(T& record) { each_field(record, [](std::string_view, auto&&) {}); };

json::value written(const std::string& text) {
  return json::value(text);
}
template <class Number>
  requires(std::is_arithmetic_v<Number> && !std::same_as<Number, bool>)
json::value written(Number number) {
  return json::value(number);
}
json::value written(bool flag) {
  return json::value(flag);
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
  return counts_object(counts);
}
template <class T>
json::value written(const std::vector<T>& list);

json::value one_language(Lang lang, const std::string& text) {
  return json::value(in(lang, text));
}
json::value one_language(Lang lang, const std::vector<std::string>& list) {
  json::array array;
  for (const auto& text : list) array.push_back(one_language(lang, text));
  return array;
}

template <class T>
void write(json::object& object, std::string_view key, const T& member) {
  object[key] = written(member);
}
template <class Text>
void write(json::object& object, std::string_view key, const Said<Text>& said) {
  object[key] = one_language(Lang::en, said.text);
  object[std::string(key) + kChinese] = one_language(Lang::zh, said.text);
}

template <Fields T>
json::value written(const T& record) {
  json::object object;
  each_field(record, [&](std::string_view key, const auto& member) { write(object, key, member); });
  return object;
}
template <class T>
json::value written(const std::vector<T>& list) {
  json::array array;
  for (const auto& item : list) array.push_back(written(item));
  return array;
}

std::string_view text_in(const json::value& value) {
  return value.is_string() ? std::string_view(value.as_string()) : std::string_view();
}

void read(const json::value& value, std::string& text) {
  text = text_in(value);
}
template <class Number>
  requires(std::is_arithmetic_v<Number> && !std::same_as<Number, bool>)
void read(const json::value& value, Number& number) {
  boost::system::error_code error;
  const auto read = value.is_number() ? value.to_number<Number>(error) : number;
  if (!error) number = read;
}
void read(const json::value& value, bool& flag) {
  if (value.is_bool()) flag = value.as_bool();
}
void read(const json::value& value, JobId& id) {
  id = parse_job_id(text_in(value)).value_or(id);
}
void read(const json::value& value, WallTime& t) {
  t = parse_rfc3339(text_in(value)).value_or(t);
}
void read(const json::value& value, std::optional<WallTime>& t) {
  t = parse_rfc3339(text_in(value));
}
void read(const json::value& value, pipeline::Pause& pause) {
  using enum pipeline::Pause;
  for (const auto one : {none, by_operator, authorization, certificate, address, outage, storage, stopping}) {
    if (text_in(value) == pipeline::name(one)) pause = one;
  }
}
void read(const json::value& value, ports::JobState& state) {
  state = job_state(text_in(value)).value_or(state);
}
void read(const json::value& value, ports::Counts& counts) {
  if (!value.is_object()) return;
  for (const auto outcome : records::kEveryOutcome) {
    if (const auto* count = value.as_object().if_contains(records::name(outcome))) read(*count, counts[outcome]);
  }
}
template <class T>
void read(const json::value& value, std::vector<T>& list);

/// An answer of a version that knew English only has no second text.
void join(std::string& english, const std::string& chinese) {
  if (!chinese.empty() && chinese != english) english = text::both(english, chinese);
}
void join(std::vector<std::string>& english, const std::vector<std::string>& chinese) {
  if (english.size() != chinese.size()) return;
  for (std::size_t i = 0; i < english.size(); ++i) join(english[i], chinese[i]);
}

template <class T>
void read_member(const json::object& object, std::string_view key, T& member) {
  if (const auto* found = object.if_contains(key)) read(*found, member);
}
template <class Text>
void read_member(const json::object& object, std::string_view key, Said<Text> said) {
  Text chinese;
  read_member(object, key, said.text);
  read_member(object, std::string(key) + kChinese, chinese);
  join(said.text, chinese);
}

template <Fields T>
void read(const json::value& value, T& record) {
  if (!value.is_object()) return;
  each_field(record, [&](std::string_view key, auto&& member) { read_member(value.as_object(), key, member); });
}
template <class T>
void read(const json::value& value, std::vector<T>& list) {
  if (!value.is_array()) return;
  for (const auto& item : value.as_array()) read(item, list.emplace_back());
}

}  // namespace

json::object status_object(const pipeline::Status& status) {
  json::object versioned{{"version", kStatusVersion}};
  for (auto& [key, member] : written(status).as_object()) versioned[key] = std::move(member);
  return versioned;
}

std::string status_json(const pipeline::Status& status) {
  return json::serialize(status_object(status));
}

Result<pipeline::Status> parse_status(std::string_view text) {
  boost::system::error_code error;
  const auto value = json::parse({text.data(), text.size()}, error);
  if (error || !value.is_object()) return fail(ErrorKind::bad_input, words::unreadable_answer());
  pipeline::Status status;
  read(value, status);
  return status;
}

}  // namespace sluice::control
