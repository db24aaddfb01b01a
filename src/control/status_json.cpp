#include <boost/json.hpp>

#include "sluice/base/rfc3339.hpp"
#include "sluice/control/views.hpp"
#include "sluice/text/encoding.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::control {

namespace {

namespace json = boost::json;

constexpr std::size_t kLongestName = 255;

std::string_view state_name(ports::JobState state) {
  constexpr std::string_view names[] = {"",     "claiming",  "surveying", "sending", "staged",
                                        "done", "rejecting", "rejected",  "dropped"};
  return names[static_cast<std::size_t>(state)];
}

json::value time_or_null(const std::optional<WallTime>& t) {
  return t ? json::value(rfc3339(*t)) : json::value(nullptr);
}

json::object counts_json(const ports::Counts& counts) {
  json::object object;
  for (const auto outcome : records::kEveryOutcome) object[records::name(outcome)] = counts[outcome];
  return object;
}

json::object job_object(const pipeline::JobStatus& job) {
  return {{"job", to_string(job.id)},
          {"name", job.name},
          {"state", state_name(job.state)},
          {"service", job.service},
          {"rows", job.rows},
          {"counts", counts_json(job.counts)},
          {"unsettled", job.unsettled},
          {"in_flight", job.in_flight},
          {"maybe_applied", job.maybe_applied},
          {"requests", job.requests},
          {"eta", time_or_null(job.eta)},
          {"held", job.held},
          {"waits", job.waits}};
}

json::object ended_object(const pipeline::EndedJob& job) {
  return {{"job", to_string(job.id)},
          {"name", job.name},
          {"state", state_name(job.state)},
          {"rows", job.rows},
          {"exit", job.exit},
          {"counts", counts_json(job.counts)},
          {"finished", time_or_null(job.finished)}};
}

json::object doubt_object(const pipeline::JobInDoubt& job) {
  return {{"job", to_string(job.id)}, {"name", job.name}, {"orders", job.orders}, {"file", job.file}};
}

/// How drain would have ended for it; null while it is at work.
json::value exit_or_null(const ports::JobHeader& job) {
  const bool over = job.state == ports::JobState::done || job.state == ports::JobState::rejected;
  return over ? json::value(job.exit) : json::value(nullptr);
}

}  // namespace

std::string status_json(const pipeline::Status& status) {
  json::array jobs;
  for (const auto& job : status.jobs) jobs.push_back(job_object(job));
  json::array ended;
  for (const auto& job : status.ended) ended.push_back(ended_object(job));
  json::array in_doubt;
  for (const auto& job : status.in_doubt) in_doubt.push_back(doubt_object(job));
  json::array waiting;
  for (const auto& words : status.waiting) waiting.emplace_back(words);
  return json::serialize(json::object{{"at", rfc3339(status.at)},
                                      {"note", status.note},
                                      {"pause", pipeline::name(status.pause)},
                                      {"pause_words", status.pause_words},
                                      {"paused_since", time_or_null(status.paused_since)},
                                      {"rate", status.rate},
                                      {"recent_rate", status.recent_rate},
                                      {"widening", status.widening},
                                      {"closed_until", time_or_null(status.closed_until)},
                                      {"in_flight", status.in_flight},
                                      {"requests", status.requests},
                                      {"throttled", status.throttled},
                                      {"credential", status.credential},
                                      {"jobs", jobs},
                                      {"finished", ended},
                                      {"in_doubt", in_doubt},
                                      {"waiting", waiting}});
}

std::string said_json(const std::string& words) {
  return json::serialize(json::object{{"said", words}});
}

std::string job_json(const ports::JobHeader& job, const std::string& doubts) {
  const auto name = text::is_utf8(job.name) ? job.name : text::shown(job.name, kLongestName);
  return json::serialize(json::object{{"job", to_string(job.id)},
                                      {"name", name},
                                      {"state", state_name(job.state)},
                                      {"service", job.rows > 0 ? orders::service(job.service).name : ""},
                                      {"rows", job.rows},
                                      {"counts", counts_json(job.counts)},
                                      {"doubts", doubts},
                                      {"requests", job.requests},
                                      {"held", job.hold_words},
                                      {"released", job.released},
                                      {"cancelled", job.cancelled},
                                      {"reason", job.reason},
                                      {"base_url", job.base_url},
                                      {"content_hash", job.content_hash},
                                      {"exit", exit_or_null(job)},
                                      {"claimed", time_or_null(job.claimed_at)},
                                      {"started", time_or_null(job.started_at)},
                                      {"finished", time_or_null(job.finished_at)}});
}

}  // namespace sluice::control
