// One job, the jobs that there were, and what a command did: as JSON, and for people.
#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <ranges>

#include "chosen_words.hpp"
#include "job_state_names.hpp"
#include "job_story.hpp"
#include "parsed.hpp"
#include "printable.hpp"
#include "sluice/base/rfc3339.hpp"
#include "sluice/control/history.hpp"
#include "sluice/control/views.hpp"
#include "sluice/pipeline/operator_command.hpp"
#include "sluice/pipeline/still_picture.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/text/words/operating.hpp"

namespace sluice::control {

namespace {

namespace json = boost::json;

namespace words = text::words;
using text::in;
using text::Lang;

/// What stands before each value that `show` prints; a text has a second key, KEY_zh, and no line of its own for it.
struct Label {
  std::string_view key;
  text::Sentence<0> words;
};
constexpr Label kLabels[] = {{"job", words::label_job},
                             {"name", words::label_name},
                             {"host", words::label_host},
                             {"state", words::label_state},
                             {"service", words::label_service},
                             {"rows", words::label_rows},
                             {"counts", words::label_counts},
                             {"doubts", words::label_doubts},
                             {"placed_before", words::label_placed_before},
                             {"requests", words::label_requests},
                             {"other_starts", words::label_other_starts},
                             {"held", words::label_held},
                             {"decided", words::label_decided},
                             {"released", words::label_released},
                             {"cancelled", words::label_cancelled},
                             {"reason", words::label_reason},
                             {"base_url", words::label_base_url},
                             {"content_hash", words::label_content_hash},
                             {"exit", words::label_exit},
                             {"claimed", words::label_claimed},
                             {"started", words::label_started},
                             {"finished", words::label_finished}};

std::string label(Lang lang, std::string_view key) {
  const auto* found = std::ranges::find(kLabels, key, &Label::key);
  return found == std::end(kLabels) ? printable_name(key) : in(lang, found->words());
}

void put(json::object& object, const std::string& key, const std::string& said) {
  object[key] = in(Lang::en, said);
  object[key + "_zh"] = in(Lang::zh, said);
}

bool over(const ports::JobHeader& job) {
  return job.state == ports::JobState::done || job.state == ports::JobState::rejected;
}

/// How drain would have ended for it; null while it is at work.
json::value exit_or_null(const ports::JobHeader& job) {
  return over(job) ? json::value(job.exit) : json::value(nullptr);
}

/// Empty: it says nothing.
std::string value_text(Lang lang, std::string_view key, const json::value& value) {
  if (value.is_null() || (value.is_bool() && !value.as_bool())) return "";
  if (value.is_bool()) return in(lang, words::yes());
  if (value.is_object()) return in(lang, counts_text(counts_of(&value)));
  if (!value.is_string()) return printable(json::serialize(value));
  if (key == "name") return printable_name(value.as_string());
  if (const auto state = job_state(value.as_string()); key == "state" && state) return in(lang, state_words(*state));
  if (const auto time = parse_rfc3339(value.as_string())) return in(lang, text::time_words(*time));
  return printable(value.as_string());
}

json::object job_object(const ports::JobHeader& job, const std::string& doubts, const std::string& decided) {
  json::object object{{"job", to_string(job.id)},
                      {"name", readable_name(job)},
                      {"state", control::name(job.state)},
                      {"service", job.service ? orders::service(job.service).name : ""},
                      {"rows", job.rows},
                      {"counts", counts_object(job.counts)}};
  put(object, "doubts", doubts);
  put(object, "placed_before", pipeline::placed_before_words(job));
  object["requests"] = job.requests;
  object["other_starts"] = job.other_starts > 0 ? json::value(job.other_starts) : nullptr;
  put(object, "held", job.hold_words);
  put(object, "decided", decided);
  object["released"] = job.ruling == ports::Ruling::released;
  object["cancelled"] = job.ruling == ports::Ruling::cancelled;
  put(object, "reason", job.reason);
  object["base_url"] = job.base_url;
  object["content_hash"] = job.content_hash;
  object["exit"] = exit_or_null(job);
  object["claimed"] = time_or_null(job.claimed_at);
  object["started"] = time_or_null(job.started_at);
  object["finished"] = time_or_null(job.finished_at);
  return object;
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

std::string text_of(Lang lang, const json::object& job) {
  const auto finished = parse_rfc3339(word_of(job, "finished"));
  const auto state = job_state(word_of(job, "state"));
  return fmt::format("{}  {}  {}  {}  {}\n", printable(word_of(job, "job")), printable_name(word_of(job, "name")),
                     state ? in(lang, state_words(*state)) : printable(word_of(job, "state")),
                     in(lang, finished ? text::time_words(*finished) : words::at_work()),
                     in(lang, counts_text(counts_of(job.if_contains("counts")))));
}

}  // namespace

ports::Task<Result<std::string>> job_answer(ports::Ledger& ledger, JobId id, WallTime now, std::string host) {
  const auto job = co_await ledger.job(id);
  if (!job) co_return std::unexpected(job.error());
  if (!*job) co_return fail(ErrorKind::missing, words::no_job(id));
  const auto resolved = co_await ledger.note({ports::JobNote::resolved, id});
  if (!resolved) co_return std::unexpected(resolved.error());
  const auto decided = co_await ledger.note({ports::JobNote::decided, id});
  if (!decided) co_return std::unexpected(decided.error());
  auto story = co_await job_story(ledger, id);
  if (!story) co_return std::unexpected(story.error());
  auto whole = job_object(**job, pipeline::doubts_words(**job, *resolved, now), *decided);
  if (!host.empty()) whole["host"] = text::shown(host);
  for (auto& [key, part] : *story) whole[key] = std::move(part);
  co_return json::serialize(whole);
}

std::string job_json(const ports::JobHeader& job, const std::string& doubts, const std::string& decided) {
  return json::serialize(job_object(job, doubts, decided));
}

Result<std::string> job_text(std::string_view text, Lang lang) {
  const auto job = parsed(text);
  if (!job) return std::unexpected(job.error());
  std::string out;
  for (const auto& [key, value] : *job) {
    if (key.ends_with("_zh") || value.is_array()) continue;
    const auto* chinese = lang == Lang::zh ? job->if_contains(std::string(key) + "_zh") : nullptr;
    const auto said = value_text(lang, key, chinese == nullptr ? value : *chinese);
    if (!said.empty()) out += fmt::format("{:<13} {}\n", label(lang, key), said);
  }
  return out + story_text(lang, *job);
}

std::string said_json(const std::string& words) {
  json::object object;
  put(object, "said", words);
  return json::serialize(object);
}

Result<std::string> said_text(std::string_view text, Lang lang) {
  const auto answer = parsed(text);
  if (!answer) return std::unexpected(answer.error());
  const auto chinese = lang == Lang::zh ? word_of(*answer, "said_zh") : "";
  return printable(chinese.empty() ? word_of(*answer, "said") : chinese) + "\n";
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

ports::Task<Result<std::string>> history_answer(ports::Ledger& ledger, HistoryFilter filter,
                                                std::vector<ports::JobHeader> elsewhere) {
  auto open = co_await ledger.open_jobs();
  if (!open) co_return std::unexpected(open.error());
  const auto ended = co_await ledger.ended_jobs(kLongestHistory);
  if (!ended) co_return std::unexpected(ended.error());
  auto jobs = std::move(*open);
  std::ranges::move(elsewhere, std::back_inserter(jobs));
  jobs.insert(jobs.end(), ended->begin(), ended->end());
  std::ranges::sort(jobs, std::ranges::greater{}, &ports::JobHeader::id);
  json::array lines;
  for (const auto& job : jobs | std::views::filter([&](const auto& one) { return fits(one, filter); }) |
                             std::views::take(kLongestHistory)) {
    lines.push_back(line_of(job));
  }
  co_return json::serialize(json::object{{"jobs", std::move(lines)}});
}

Result<std::string> history_text(std::string_view text, Lang lang) {
  const auto answer = parsed(text);
  if (!answer) return std::unexpected(answer.error());
  const auto* jobs = array_of(*answer, "jobs");
  if (jobs == nullptr) return unreadable();
  std::string out;
  for (const auto& job : *jobs) {
    if (job.is_object()) out += text_of(lang, job.as_object());
  }
  return out.empty() ? in(lang, words::no_such_job()) + "\n" : out;
}

}  // namespace sluice::control
