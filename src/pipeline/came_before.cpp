#include "sluice/pipeline/came_before.hpp"

#include "sluice/ports/file_names.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words.hpp"

namespace sluice::pipeline {

namespace {

using ports::JobState;
using ports::OutputKind;
using text::Lang;
using text::Word;

std::string in_outbox(const ports::JobHeader& job, OutputKind kind) {
  return "outbox/" + text::shown(output_name(job.name, job.id, kind), 255);
}

/// How the rest of it is placed: what failed, and what is found not to have been applied, each has a file.
std::vector<text::Message> ways_on(const ports::JobHeader& job, std::uint64_t failed, std::uint64_t in_doubt) {
  std::vector<text::Message> ways;
  if (failed > 0) ways.push_back({Word::same_content_failed, {in_outbox(job, OutputKind::failures)}});
  if (in_doubt > 0) {
    ways.push_back({Word::same_content_in_doubt, {in_outbox(job, OutputKind::in_doubt), to_string(job.id)}});
  }
  if (ways.empty()) ways.push_back({Word::same_content_placed, {}});
  return ways;
}

std::optional<std::string> why_not_after(const ports::JobHeader& job) {
  using enum records::Outcome;
  const auto count = [&](records::Outcome o) { return job.counts[o]; };
  const auto placed = count(accepted) + count(accepted_earlier);
  const auto doubtful = count(in_doubt);
  if (placed + doubtful == 0) return std::nullopt;
  const auto ways = ways_on(job, job.rows - placed - doubtful - count(duplicate), doubtful);
  const auto in = [&](Lang lang) {
    return say(lang, {Word::same_content,
                      {to_string(job.id), text::shown(job.name, 80), std::to_string(placed), std::to_string(doubtful),
                       say_all(lang, ways)}});
  };
  return in(Lang::en) + "\n" + in(Lang::zh);
}

bool at_work(JobState state) {
  return state == JobState::surveying || state == JobState::sending || state == JobState::staged;
}

}  // namespace

std::optional<std::string> why_not_again(const std::vector<ports::JobHeader>& with_content, std::optional<JobId> own) {
  for (const auto& job : with_content) {
    if (at_work(job.state) && (!own || job.id < *own)) {
      return text::say_in_both({Word::same_content_running, {to_string(job.id), text::shown(job.name, 80)}});
    }
    if (job.state != JobState::done) continue;
    if (auto why = why_not_after(job)) return why;
  }
  return std::nullopt;
}

}  // namespace sluice::pipeline
