#include "sluice/control/history.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <ranges>

#include "job_state_names.hpp"
#include "printable.hpp"
#include "sluice/base/rfc3339.hpp"
#include "sluice/text/encoding.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::control {

namespace {

namespace json = boost::json;

constexpr std::size_t kLongestName = 255;

bool over(const ports::JobHeader& job) {
  return job.state == ports::JobState::done || job.state == ports::JobState::rejected;
}

json::object line_of(const ports::JobHeader& job) {
  json::object counts;
  for (const auto outcome : records::kEveryOutcome) {
    if (job.counts[outcome] > 0) counts[records::name(outcome)] = job.counts[outcome];
  }
  const auto ended = over(job) ? job.finished_at : std::nullopt;
  return {{"job", to_string(job.id)},
          {"name", text::is_utf8(job.name) ? job.name : text::shown(job.name, kLongestName)},
          {"state", name(job.state)},
          {"rows", job.rows},
          {"requests", job.requests},
          {"counts", counts},
          {"exit", over(job) ? json::value(job.exit) : json::value(nullptr)},
          {"claimed", job.claimed_at ? json::value(rfc3339(*job.claimed_at)) : json::value(nullptr)},
          {"finished", ended ? json::value(rfc3339(*ended)) : json::value(nullptr)}};
}

bool fits(const ports::JobHeader& job, const HistoryFilter& filter) {
  if (filter.since && job.claimed_at.value_or(WallTime{}) < *filter.since) return false;
  return filter.name.empty() || job.name.contains(filter.name);
}

std::string_view word(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string_view(value->as_string()) : std::string_view();
}

std::string text_of(const json::object& job) {
  std::string counts;
  if (const auto* all = job.if_contains("counts"); all != nullptr && all->is_object()) {
    for (const auto& [outcome, count] : all->as_object()) {
      counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", json::serialize(count), std::string_view(outcome));
    }
  }
  const auto finished = word(job, "finished");
  const auto when = finished.size() < 19 ? std::string("at work")
                                         : fmt::format("{} {} UTC", finished.substr(0, 10), finished.substr(11, 8));
  return fmt::format("{}  {}  {}  {}  {}\n", printable(word(job, "job")), printable_name(word(job, "name")),
                     printable(word(job, "state")), printable(when), printable(counts));
}

}  // namespace

std::string history_filter_json(const HistoryFilter& filter) {
  json::object object;
  if (filter.since) object["since"] = rfc3339(*filter.since);
  if (!filter.name.empty()) object["name"] = filter.name;
  return json::serialize(object);
}

HistoryFilter parse_history_filter(std::string_view text) {
  boost::system::error_code error;
  const auto value = json::parse({text.data(), text.size()}, error);
  if (error || !value.is_object()) return {};
  return {.since = parse_rfc3339(word(value.as_object(), "since")),
          .name = std::string(word(value.as_object(), "name"))};
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
  boost::system::error_code error;
  const auto value = json::parse({text.data(), text.size()}, error);
  const auto* jobs = !error && value.is_object() ? value.as_object().if_contains("jobs") : nullptr;
  if (jobs == nullptr || !jobs->is_array())
    return fail(ErrorKind::bad_input, "the daemon's answer can't be read: another version?");
  std::string out;
  for (const auto& job : jobs->as_array()) {
    if (job.is_object()) out += text_of(job.as_object());
  }
  return out.empty() ? "no such job\n" : out;
}

}  // namespace sluice::control
