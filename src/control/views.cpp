// The live picture, as JSON and back, and for people. Which key holds which member is said once, for both directions.
#include "sluice/control/views.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <concepts>
#include <ranges>
#include <type_traits>

#include "job_state_names.hpp"
#include "parsed.hpp"
#include "printable.hpp"
#include "sluice/base/rfc3339.hpp"
#include "sluice/orders/dates.hpp"
#include "sluice/orders/service.hpp"

namespace sluice::control {

namespace {

namespace json = boost::json;
using ports::JobState;

constexpr std::size_t kBar = 30;
constexpr int kStatusVersion = 1;  // of docs/status.schema.json: raised where a key's meaning changes

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
  visit("placed_before", job.placed_before);
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
  visit("inbox", status.inbox);
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
  return counts_object(counts);
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

/// "2024-01-15 12:03:40 UTC"
std::string date_and_time(WallTime t) {
  const auto words = rfc3339(t);
  return words.substr(0, 10) + " " + words.substr(11, 8) + " UTC";
}

/// "12:03:40 UTC"
std::string clock_time(WallTime t) {
  return date_and_time(t).substr(11);
}

/// Full only when all is settled.
std::string bar(std::uint64_t settled, std::uint64_t rows, bool color) {
  const auto full = rows == 0 ? 0 : static_cast<std::size_t>(settled * kBar / rows);
  std::string filled;
  std::string empty;
  for (std::size_t i = 0; i < kBar; ++i) (i < full ? filled : empty) += i < full ? "█" : "░";
  return color ? fmt::format("\x1b[32m{}\x1b[0m{}", filled, empty) : filled + empty;
}

void add_line(std::string& out, std::string_view label, const std::string& words) {
  if (!words.empty()) out += fmt::format("    {}: {}\n", label, printable(words));
}

std::string job_lines(const pipeline::JobStatus& job, WallTime now, bool color) {
  auto out = fmt::format("{}  {}  ", to_string(job.id), printable_name(job.name));
  if (job.state == JobState::sending || job.state == JobState::staged) {
    const auto settled = job.rows - std::min(job.rows, job.unsettled);
    out += fmt::format("{} {}/{}{}\n", bar(settled, job.rows, color), settled, job.rows,
                       job.eta ? ", done about " + clock_time(*job.eta) : "");
  } else {
    out += fmt::format("{}\n", name(job.state));
  }
  add_line(out, "so far", counts_text(job.counts));
  if (job.maybe_applied > 0) add_line(out, "perhaps applied, being asked again", std::to_string(job.maybe_applied));
  add_line(out, "HELD", job.held);
  if (job.held.empty()) add_line(out, "PLACED BEFORE", job.placed_before);
  add_line(out, "waits", job.waits);
  const bool late = job.eta && job.service == orders::service(orders::ServiceId::create).name &&
                    *job.eta >= orders::activation_deadline(now);
  if (late) add_line(out, "late", "not done before 17:00 (UTC+8); what is placed later becomes active a day later");
  return out;
}

std::string doubt_lines(const pipeline::JobInDoubt& job) {
  return fmt::format(
      "IN DOUBT: {0}  {1}: {2} {3} may or may not have been placed; look up each row of outbox/{4}, then "
      "`sluice resolve {0} --applied` or `--not-applied`\n",
      to_string(job.id), printable_name(job.name), job.orders, job.orders == 1 ? "order" : "orders",
      printable_name(job.file));
}

std::string ended_lines(const pipeline::EndedJob& job) {
  return fmt::format("finished: {}  {}  {} {}{}\n", to_string(job.id), printable_name(job.name), name(job.state),
                     job.finished ? date_and_time(*job.finished) : "",
                     job.state == JobState::rejected ? ": the reason is in rejected/" : ": " + counts_text(job.counts));
}

std::string gate_line(const pipeline::Status& status) {
  auto out = fmt::format("gate: {:.1f} requests/s of {:g} allowed, {} in flight, {} sent", status.recent_rate,
                         status.rate, status.in_flight, status.requests);
  if (status.throttled > 0) out += fmt::format(", {} throttled", status.throttled);
  if (status.widening > 1) out += fmt::format(", spacing ×{:.2f}", status.widening);
  if (status.closed_until) out += ", closed until " + clock_time(*status.closed_until);
  return out + "\n";
}

std::string head_lines(const pipeline::Status& status) {
  std::string out;
  if (!status.note.empty()) out += printable(status.note) + "\n";
  if (status.pause != pipeline::Pause::none) {
    out += fmt::format("PAUSED ({}{}): {}\n", pipeline::name(status.pause),
                       status.paused_since ? ", since " + clock_time(*status.paused_since) : "",
                       printable(status.pause_words));
  }
  if (!status.inbox.empty()) out += fmt::format("inbox: {}\n", printable(status.inbox));
  if (!status.credential.empty())
    out += fmt::format("CREDENTIAL: {}; the one read before stays in force\n", printable(status.credential));
  return status.note.empty() ? out + gate_line(status) : out;
}

}  // namespace

std::string status_json(const pipeline::Status& status) {
  json::object versioned{{"version", kStatusVersion}};
  for (auto& [key, member] : written(status).as_object()) versioned[key] = std::move(member);
  return json::serialize(versioned);
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

std::string counts_text(const ports::Counts& counts) {
  std::string words;
  for (const auto outcome : records::kEveryOutcome) {
    if (counts[outcome] == 0) continue;
    words += fmt::format("{}{} {}", words.empty() ? "" : ", ", counts[outcome], records::name(outcome));
  }
  return words;
}

std::string status_text(const pipeline::Status& status, bool color) {
  auto out = head_lines(status);
  if (status.jobs.empty()) out += "no job at work\n";
  for (const auto& job : status.jobs) out += job_lines(job, status.at, color);
  for (const auto& job : status.in_doubt) out += doubt_lines(job);
  for (const auto& words : status.waiting) out += fmt::format("not taken: {}\n", printable(words));
  for (const auto& job : status.ended) out += ended_lines(job);
  return out;
}

Health health_of(const pipeline::Status& status) {
  if (!status.note.empty()) return {.exit = 2, .words = fmt::format("not running: {}\n", printable(status.note))};
  if (status.pause != pipeline::Pause::none) return {.exit = 1, .words = head_lines(status)};
  std::string held;
  for (const auto& job : status.jobs) {
    if (!job.held.empty()) held += fmt::format("HELD: {}: {}\n", to_string(job.id), printable(job.held));
  }
  if (!held.empty()) return {.exit = 1, .words = held};
  return {.exit = 0, .words = "working\n"};
}

}  // namespace sluice::control
