// One job, the jobs that there were, and what a command did: as JSON, and for people.
#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <ranges>

#include "job_state_names.hpp"
#include "parsed.hpp"
#include "printable.hpp"
#include "sluice/base/rfc3339.hpp"
#include "sluice/control/history.hpp"
#include "sluice/control/views.hpp"
#include "sluice/pipeline/operator_command.hpp"
#include "sluice/pipeline/still_picture.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::control {

namespace {

namespace json = boost::json;

json::value time_or_null(const std::optional<WallTime>& t) {
  return t ? json::value(rfc3339(*t)) : json::value(nullptr);
}

bool over(const ports::JobHeader& job) {
  return job.state == ports::JobState::done || job.state == ports::JobState::rejected;
}

/// How drain would have ended for it; null while it is at work.
json::value exit_or_null(const ports::JobHeader& job) {
  return over(job) ? json::value(job.exit) : json::value(nullptr);
}

/// "3 accepted, 1 refused", of what is not zero.
std::string counts_text(const json::object& counts) {
  std::string words;
  for (const auto& [outcome, count] : counts) {
    const auto number = json::serialize(count);
    if (number == "0") continue;
    words += fmt::format("{}{} {}", words.empty() ? "" : ", ", number, std::string_view(outcome));
  }
  return printable(words);
}

/// Empty: it says nothing.
std::string value_text(std::string_view key, const json::value& value) {
  if (value.is_null() || (value.is_bool() && !value.as_bool())) return "";
  if (value.is_string()) return key == "name" ? printable_name(value.as_string()) : printable(value.as_string());
  return value.is_object() ? counts_text(value.as_object()) : printable(json::serialize(value));
}

json::object line_of(const ports::JobHeader& job) {
  json::object counts;
  for (const auto outcome : records::kEveryOutcome) {
    if (job.counts[outcome] > 0) counts[records::name(outcome)] = job.counts[outcome];
  }
  return {{"job", to_string(job.id)},
          {"name", readable_name(job)},
          {"state", name(job.state)},
          {"rows", job.rows},
          {"requests", job.requests},
          {"counts", counts},
          {"exit", exit_or_null(job)},
          {"claimed", time_or_null(job.claimed_at)},
          {"finished", time_or_null(over(job) ? job.finished_at : std::nullopt)}};
}

bool fits(const ports::JobHeader& job, const HistoryFilter& filter) {
  if (filter.since && job.claimed_at.value_or(WallTime{}) < *filter.since) return false;
  return filter.name.empty() || job.name.contains(filter.name);
}

std::string text_of(const json::object& job) {
  const auto* counts = job.if_contains("counts");
  const auto finished = word_of(job, "finished");
  const auto when = finished.size() < 19 ? std::string("at work")
                                         : fmt::format("{} {} UTC", finished.substr(0, 10), finished.substr(11, 8));
  return fmt::format("{}  {}  {}  {}  {}\n", printable(word_of(job, "job")), printable_name(word_of(job, "name")),
                     printable(word_of(job, "state")), printable(when),
                     counts != nullptr && counts->is_object() ? counts_text(counts->as_object()) : "");
}

}  // namespace

ports::Task<Result<std::string>> job_answer(ports::Ledger& ledger, JobId id, WallTime now) {
  const auto job = co_await ledger.job(id);
  if (!job) co_return std::unexpected(job.error());
  if (!*job) co_return fail(ErrorKind::missing, fmt::format("no job {}", to_string(id)));
  const auto resolved = co_await ledger.note({ports::JobNote::resolved, id});
  if (!resolved) co_return std::unexpected(resolved.error());
  const auto decided = co_await ledger.note({ports::JobNote::decided, id});
  if (!decided) co_return std::unexpected(decided.error());
  co_return job_json(**job, pipeline::doubts_words(**job, *resolved, now), *decided);
}

std::string job_json(const ports::JobHeader& job, const std::string& doubts, const std::string& decided) {
  return json::serialize(json::object{{"job", to_string(job.id)},
                                      {"name", readable_name(job)},
                                      {"state", control::name(job.state)},
                                      {"service", job.service ? orders::service(job.service).name : ""},
                                      {"rows", job.rows},
                                      {"counts", counts_object(job.counts)},
                                      {"doubts", doubts},
                                      {"placed_before", pipeline::placed_before_words(job)},
                                      {"requests", job.requests},
                                      {"other_starts", job.other_starts > 0 ? json::value(job.other_starts) : nullptr},
                                      {"held", job.hold_words},
                                      {"decided", decided},
                                      {"released", job.ruling == ports::Ruling::released},
                                      {"cancelled", job.ruling == ports::Ruling::cancelled},
                                      {"reason", job.reason},
                                      {"base_url", job.base_url},
                                      {"content_hash", job.content_hash},
                                      {"exit", exit_or_null(job)},
                                      {"claimed", time_or_null(job.claimed_at)},
                                      {"started", time_or_null(job.started_at)},
                                      {"finished", time_or_null(job.finished_at)}});
}

Result<std::string> job_text(std::string_view text) {
  const auto job = parsed(text);
  if (!job) return std::unexpected(job.error());
  std::string out;
  for (const auto& [key, value] : *job) {
    const auto words = value_text(key, value);
    if (!words.empty()) out += fmt::format("{:<13} {}\n", printable_name(key), words);
  }
  return out;
}

std::string said_json(const std::string& words) {
  return json::serialize(json::object{{"said", words}});
}

Result<std::string> said_text(std::string_view text) {
  const auto answer = parsed(text);
  if (!answer) return std::unexpected(answer.error());
  const auto* words = answer->if_contains("said");
  return (words != nullptr && words->is_string() ? printable(words->as_string()) : "") + "\n";
}

std::string history_filter_json(const HistoryFilter& filter) {
  json::object object;
  if (filter.since) object["since"] = rfc3339(*filter.since);
  if (!filter.name.empty()) object["name"] = filter.name;
  return json::serialize(object);
}

HistoryFilter parse_history_filter(std::string_view text) {
  const auto filter = parsed(text);
  if (!filter) return {};
  return {.since = parse_rfc3339(word_of(*filter, "since")), .name = std::string(word_of(*filter, "name"))};
}

ports::Task<Result<std::string>> history_answer(ports::Ledger& ledger, HistoryFilter filter) {
  auto open = co_await ledger.open_jobs();
  if (!open) co_return std::unexpected(open.error());
  const auto ended = co_await ledger.ended_jobs(kLongestHistory);
  if (!ended) co_return std::unexpected(ended.error());
  auto jobs = std::move(*open);
  jobs.insert(jobs.end(), ended->begin(), ended->end());
  std::ranges::sort(jobs, std::ranges::greater{}, &ports::JobHeader::id);
  json::array lines;
  for (const auto& job : jobs | std::views::filter([&](const auto& one) { return fits(one, filter); }) |
                             std::views::take(kLongestHistory)) {
    lines.push_back(line_of(job));
  }
  co_return json::serialize(json::object{{"jobs", std::move(lines)}});
}

Result<std::string> history_text(std::string_view text) {
  const auto answer = parsed(text);
  if (!answer) return std::unexpected(answer.error());
  const auto* jobs = answer->if_contains("jobs");
  if (jobs == nullptr || !jobs->is_array()) return unreadable();
  std::string out;
  for (const auto& job : jobs->as_array()) {
    if (job.is_object()) out += text_of(job.as_object());
  }
  return out.empty() ? "no such job\n" : out;
}

}  // namespace sluice::control
