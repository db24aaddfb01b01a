#include "drain_report.hpp"

#include <fmt/format.h>

#include "events.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/events.hpp"
#include "sluice/text/words/jobs.hpp"
#include "sluice/text/words/line.hpp"

namespace sluice::app {

namespace {

namespace words = text::words;

constexpr std::size_t kMostLines = 10;
constexpr std::size_t kLongest = 1000;

/// What is left comes first: it is what keeps more from being done.
std::vector<std::string> said_of(const pipeline::Status& status, const std::vector<ports::JobHeader>& ended) {
  std::vector<std::string> said;
  if (!status.jobs.empty() && !status.pause_words.empty()) said.push_back(words::line_is_paused(status.pause_words));
  for (const auto& job : status.jobs) {
    said.push_back(!job.held.empty()
                       ? words::job_is_held(job.id, job.held)
                       : words::job_left(job.id, job.name, job.waits.empty() ? words::time_was_over() : job.waits));
  }
  for (const auto& why : status.waiting) said.push_back(words::not_taken_by_drain(why));
  for (const auto& job : ended) {
    for (const auto& event : events_of(job)) {
      if (event.kind == config::Event::finished) continue;
      said.push_back(words::job_and_file(event.job, event.name, event.words));
    }
  }
  return said;
}

}  // namespace

std::string drain_report(const pipeline::Status& status, const std::vector<ports::JobHeader>& ended,
                         text::Lang language) {
  auto said = said_of(status, ended);
  if (said.size() > kMostLines) {
    const auto more = said.size() - (kMostLines - 1);
    said.resize(kMostLines - 1);
    said.push_back(words::more_of_drain(more));
  }
  std::string out;
  for (const auto& line : said) out += text::shown(text::in(language, line), kLongest) + "\n";
  return out;
}

}  // namespace sluice::app
