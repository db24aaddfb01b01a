// The live picture for people.
#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <ranges>

#include "sluice/control/views.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::control {

namespace {

namespace json = boost::json;

constexpr std::size_t kBar = 30;

std::string text_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : "";
}

double number_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  boost::system::error_code error;
  return value != nullptr && value->is_number() ? value->to_number<double>(error) : 0;
}

std::uint64_t count_of(const json::object& object, std::string_view key) {
  return static_cast<std::uint64_t>(number_of(object, key));
}

/// "12:03:40 UTC" out of an RFC 3339 time.
std::string clock_time(const std::string& rfc3339) {
  return rfc3339.size() > 19 ? rfc3339.substr(11, 8) + " UTC" : rfc3339;
}

std::string bar(std::uint64_t settled, std::uint64_t rows, bool color) {
  const auto full = rows == 0 ? 0 : static_cast<std::size_t>(settled * kBar / rows);
  std::string filled;
  std::string empty;
  for (std::size_t i = 0; i < kBar; ++i) (i < full ? filled : empty) += i < full ? "█" : "░";
  return color ? fmt::format("\x1b[32m{}\x1b[0m{}", filled, empty) : filled + empty;
}

std::string counts_text(const json::object& job) {
  const auto* counts = job.if_contains("counts");
  if (counts == nullptr || !counts->is_object()) return "";
  std::string words;
  for (const auto& [name, value] : counts->as_object()) {
    const auto count = count_of(counts->as_object(), name);
    if (count > 0) words += fmt::format("{}{} {}", words.empty() ? "" : ", ", count, std::string_view(name));
  }
  return words;
}

void add_line(std::string& out, std::string_view label, const std::string& words) {
  if (!words.empty()) out += fmt::format("    {}: {}\n", label, words);
}

std::string job_lines(const json::object& job, bool color) {
  const auto rows = count_of(job, "rows");
  const auto state = text_of(job, "state");
  std::string out;
  if (state == "sending" || state == "staged") {
    const auto settled = rows - count_of(job, "unsettled");
    const auto eta = text_of(job, "eta");
    out = fmt::format("{}  {}  {} {}/{}{}\n", text_of(job, "job"), text_of(job, "name"), bar(settled, rows, color),
                      settled, rows, eta.empty() ? "" : ", done about " + clock_time(eta));
  } else {
    out = fmt::format("{}  {}  {}\n", text_of(job, "job"), text_of(job, "name"), state);
  }
  add_line(out, "so far", counts_text(job));
  const auto maybe = count_of(job, "maybe_applied");
  if (maybe > 0) add_line(out, "perhaps applied, being asked again", std::to_string(maybe));
  add_line(out, "HELD", text_of(job, "held"));
  add_line(out, "waits", text_of(job, "waits"));
  return out;
}

/// "2024-01-15 12:03:40 UTC" out of an RFC 3339 time.
std::string date_and_time(const std::string& rfc3339) {
  return rfc3339.size() > 19 ? rfc3339.substr(0, 10) + " " + clock_time(rfc3339) : rfc3339;
}

std::string doubt_lines(const json::object& job) {
  const auto orders = count_of(job, "orders");
  return fmt::format(
      "IN DOUBT: {0}  {1}: {2} {3} may or may not have been placed; look up each row of outbox/{4}, then "
      "`sluice resolve {0} --applied` or `--not-applied`\n",
      text_of(job, "job"), text_of(job, "name"), orders, orders == 1 ? "order" : "orders", text_of(job, "file"));
}

std::string finished_lines(const json::object& job) {
  const auto state = text_of(job, "state");
  return fmt::format("finished: {}  {}  {} {}{}\n", text_of(job, "job"), text_of(job, "name"), state,
                     date_and_time(text_of(job, "finished")),
                     state == "rejected" ? ": the reason is in rejected/" : ": " + counts_text(job));
}

/// What `lines` makes of each object in the array of that name.
std::string each_object(const json::object& status, std::string_view key, std::string (*lines)(const json::object&)) {
  std::string out;
  const auto* array = status.if_contains(key);
  if (array == nullptr || !array->is_array()) return out;
  for (const auto& item : array->as_array()) {
    if (item.is_object()) out += lines(item.as_object());
  }
  return out;
}

std::string gate_line(const json::object& status) {
  auto out =
      fmt::format("gate: {:.1f} requests/s of {:g} allowed, {} in flight, {} sent", number_of(status, "recent_rate"),
                  number_of(status, "rate"), count_of(status, "in_flight"), count_of(status, "requests"));
  if (const auto throttled = count_of(status, "throttled"); throttled > 0)
    out += fmt::format(", {} throttled", throttled);
  if (const auto wide = number_of(status, "widening"); wide > 1) out += fmt::format(", spacing ×{:.2f}", wide);
  if (const auto closed = text_of(status, "closed_until"); !closed.empty())
    out += ", closed until " + clock_time(closed);
  return out + "\n";
}

std::string head_lines(const json::object& status) {
  std::string out;
  const auto note = text_of(status, "note");
  if (!note.empty()) out += note + "\n";
  if (const auto pause = text_of(status, "pause"); pause != "none") {
    const auto since = text_of(status, "paused_since");
    out += fmt::format("PAUSED ({}{}): {}\n", pause, since.empty() ? "" : ", since " + clock_time(since),
                       text_of(status, "pause_words"));
  }
  if (const auto credential = text_of(status, "credential"); !credential.empty())
    out += fmt::format("CREDENTIAL: {}; the one read before stays in force\n", credential);
  return note.empty() ? out + gate_line(status) : out;
}

Result<json::object> parsed(std::string_view text) {
  boost::system::error_code error;
  auto value = json::parse({text.data(), text.size()}, error);
  if (error || !value.is_object())
    return fail(ErrorKind::bad_input, "the daemon's answer can't be read: another version?");
  return value.as_object();
}

/// Names and reasons come from whoever drops files: no control character of theirs reaches a terminal.
std::string printable(std::string_view key, std::string_view value) {
  constexpr std::size_t kLongest = 4000;
  if (key == "name") return text::shown(value, kLongest);
  std::string lines;
  for (const auto line : std::views::split(value, '\n')) {
    lines += (lines.empty() ? "" : "\n") + text::shown(std::string_view(line.begin(), line.end()), kLongest);
  }
  return lines;
}

}  // namespace

Result<std::string> status_text(std::string_view text, bool color) {
  const auto status = parsed(text);
  if (!status) return std::unexpected(status.error());
  auto out = head_lines(*status);
  const auto* jobs = status->if_contains("jobs");
  if (jobs == nullptr || !jobs->is_array() || jobs->as_array().empty()) {
    out += "no job at work\n";
  } else {
    for (const auto& job : jobs->as_array()) {
      if (job.is_object()) out += job_lines(job.as_object(), color);
    }
  }
  out += each_object(*status, "in_doubt", doubt_lines);
  const auto* waiting = status->if_contains("waiting");
  if (waiting != nullptr && waiting->is_array()) {
    for (const auto& words : waiting->as_array()) {
      if (words.is_string()) out += fmt::format("not taken: {}\n", std::string_view(words.as_string()));
    }
  }
  return out + each_object(*status, "finished", finished_lines);
}

Result<std::string> said_text(std::string_view text) {
  const auto said = parsed(text);
  if (!said) return std::unexpected(said.error());
  return text_of(*said, "said") + "\n";
}

Result<std::string> job_text(std::string_view text) {
  const auto job = parsed(text);
  if (!job) return std::unexpected(job.error());
  std::string out;
  for (const auto& [key, value] : *job) {
    const auto shown = value.is_string() ? printable(key, value.as_string())
                       : key == "counts" ? counts_text(*job)
                                         : json::serialize(value);
    if (!shown.empty() && shown != "null" && shown != "false")
      out += fmt::format("{:<13} {}\n", std::string_view(key), shown);
  }
  return out;
}

}  // namespace sluice::control
