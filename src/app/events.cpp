#include "events.hpp"

#include <boost/json.hpp>

#include "sluice/base/rfc3339.hpp"
#include "sluice/control/views.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/events.hpp"

namespace sluice::app {

namespace {

namespace words = text::words;

using Kind = config::Event;

constexpr auto kStuckAfter = std::chrono::hours(1);
constexpr std::size_t kShownName = 80;

Event about(const ports::JobHeader& job, Kind kind, std::string words) {
  return {.kind = kind,
          .job = to_string(job.id),
          .name = text::shown(job.name, kShownName),
          .words = std::move(words),
          .counts = job.counts};
}

}  // namespace

std::string_view name(Kind kind) {
  return config::kEventNames[static_cast<std::size_t>(kind)];
}

std::string event_json(const Event& event, WallTime at) {
  boost::json::object object{{"event", name(event.kind)}, {"at", rfc3339(at)}};
  if (!event.job.empty()) object["job"] = event.job;
  if (!event.name.empty()) object["name"] = event.name;
  object["words"] = text::in(text::Lang::en, event.words);
  object["words_zh"] = text::in(text::Lang::zh, event.words);
  if (event.counts) {
    auto& counts = object["counts"].emplace_object();
    for (const auto outcome : records::kEveryOutcome) counts[records::name(outcome)] = (*event.counts)[outcome];
  }
  return boost::json::serialize(object);
}

std::vector<Event> events_of(const ports::JobHeader& ended) {
  if (ended.state == ports::JobState::rejected) {
    return {about(ended, Kind::rejected, words::event_rejected(ended.id))};
  }
  const auto counts = control::counts_text(ended.counts);
  std::vector<Event> events;
  if (ended.exit == 0) {
    events.push_back(about(ended, Kind::finished, words::event_done(counts)));
  } else {
    events.push_back(about(ended, Kind::refused, words::event_some_refused(counts, ended.id)));
  }
  if (const auto doubts = ended.counts[records::Outcome::in_doubt]; doubts > 0) {
    events.push_back(about(ended, Kind::in_doubt, words::event_in_doubt(doubts, ended.id)));
  }
  return events;
}

void LineWatch::look_at_pause(const pipeline::Status& status, std::vector<Event>& events) {
  using pipeline::Pause;
  const auto pause = status.pause == Pause::stopping ? pause_ : status.pause;  // a stop changes nothing about it
  if (pause == pause_) return;
  if (pause == Pause::none) {
    events.push_back({.kind = Kind::resumed, .words = words::event_resumed()});
  } else {
    events.push_back(
        {.kind = Kind::paused, .words = words::event_paused(control::pause_words(pause), status.pause_words)});
  }
  pause_ = pause;
}

void LineWatch::look_at_holds(const pipeline::Status& status, std::vector<Event>& events) {
  std::map<JobId, std::string> held;
  for (const auto& job : status.jobs) {
    if (job.held.empty()) continue;
    held[job.id] = job.held;
    const auto before = held_.find(job.id);
    if (before != held_.end() && before->second == job.held) continue;
    events.push_back({.kind = Kind::held,
                      .job = to_string(job.id),
                      .name = text::shown(job.name, kShownName),
                      .words = job.held,
                      .counts = job.counts});
  }
  held_ = std::move(held);
}

void LineWatch::look_at_waiting(const pipeline::Status& status, std::vector<Event>& events) {
  std::map<std::string, Waiting> waiting;
  for (const auto& why : status.waiting) {
    const auto file = why.substr(0, why.find(": "));
    const auto before = waiting_.find(file);
    auto& now = waiting[file] = before == waiting_.end() ? Waiting{.since = status.at} : before->second;
    if (now.told || status.at - now.since < kStuckAfter) continue;
    now.told = true;
    events.push_back({.kind = Kind::stuck, .name = file, .words = words::event_stuck(why)});
  }
  waiting_ = std::move(waiting);
}

std::vector<Event> LineWatch::look(const pipeline::Status& status) {
  std::vector<Event> events;
  look_at_pause(status, events);
  look_at_holds(status, events);
  look_at_waiting(status, events);
  return events;
}

}  // namespace sluice::app
