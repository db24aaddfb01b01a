// The live picture.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <string>

#include "engine_impl.hpp"
#include "sluice/pipeline/still_picture.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/jobs.hpp"
#include "sluice/text/words/line.hpp"

namespace sluice::pipeline {

namespace words = text::words;

using ports::JobState;

namespace {

std::uint64_t maybe_applied_rows(const Job& job) {
  std::uint64_t rows = 0;
  for (const auto& waiting : job.started) rows += waiting.batch.past.maybe_applied ? waiting.batch.rows.size() : 0;
  return rows;
}

/// The first that there is, in place of what is said of the line.
void say_trouble(Status& status, std::initializer_list<std::string> troubles) {
  const auto* first = std::ranges::find_if(troubles, [](const auto& trouble) { return !trouble.empty(); });
  if (first == troubles.end()) return;
  status.pause = Pause::storage;
  status.pause_words = *first;
}

}  // namespace

std::ptrdiff_t Engine::Impl::sending_jobs() const {
  return std::ranges::count_if(jobs_, [](const auto& one) { return one.second->sending(); });
}

JobStatus Engine::Impl::job_status(const Job& job, std::ptrdiff_t sharing) const {
  const auto& header = job.header;
  auto status = still_picture(header);
  // Before that, rows come and go with each pass over the file.
  status.unsettled = header.state >= JobState::sending ? job.unsettled() : 0;
  status.in_flight = job.rows_in_flight;
  status.maybe_applied = maybe_applied_rows(job);
  // The header keeps its last words until the next commit.
  if (!job.held()) status.held.clear();
  status.waits = job.waits;
  if (status.waits.empty() && job.cancelled()) status.waits = words::being_cancelled();
  const bool moves = job.sending() && !breaker_.tripped() && status.unsettled > 0 && !job.capped &&
                     slots_.closed_until() <= ports_.clock.now();
  if (moves) {
    // Jobs take turns: this one has its share of the line until the others are done.
    const auto share = static_cast<double>(std::max<std::ptrdiff_t>(1, sharing));
    const auto requests = std::ceil(static_cast<double>(status.unsettled) / settings_.batch.orders);
    // Five in a hundred more than the arithmetic says: retries and the gate's own margin. An ETA that is met is worth
    // more than one that is near.
    const auto seconds = requests * share * slots_.widening() * 1.05 / config::requests_a_second(settings_);
    status.eta = ports_.clock.wall() + std::chrono::ceil<Millis>(std::chrono::duration<double>(seconds));
  }
  return status;
}

std::string Engine::Impl::progress_line(const Job& job) const {
  const auto status = job_status(job, sending_jobs());
  const auto in_its_language = [&](const std::string& said) { return text::in(job.lang(), said) + "\n"; };
  if (status.state < JobState::sending) return in_its_language(words::reading_the_file(status.id));
  const auto settled = status.rows - status.unsettled;
  auto line =
      words::rows_settled(status.id, settled, status.rows, status.rows == 0 ? 100 : settled * 100 / status.rows);
  if (!status.held.empty()) {
    line += words::progress_held(status.held);
  } else if (breaker_.tripped()) {
    line += words::progress_paused(breaker_.words());
  } else if (status.eta) {
    line += words::progress_to_go(text::duration_words(*status.eta - ports_.clock.wall()));
  }
  return in_its_language(line);
}

Status Engine::Impl::status() const {
  Status status{.at = ports_.clock.wall(),
                .pause = breaker_.pause(),
                .pause_words = breaker_.words(),
                .paused_since = breaker_.since(),
                .rate = config::requests_a_second(settings_),
                .recent_rate = slots_.recent_rate(),
                .widening = slots_.widening(),
                .closed_until = {},
                .in_flight = sender_.in_flight(),
                .requests = sender_.meters().started,
                .throttled = sender_.meters().throttled,
                .jobs = {},
                .ended = {},
                .in_doubt = {},
                .credential = credential_trouble_,
                .inbox = ports_.spool.hints_trouble(),
                .note = taken_up_ || stop_.asked() ? "" : words::starting(),
                .waiting = unknown_claims_,
                .meters = {.requests = sender_.meters(),
                           .ledger = journal_.meters(),
                           .jobs_done = jobs_done_,
                           .jobs_rejected = jobs_rejected_}};
  ended_jobs_.add_to(status, status.at);
  if (status.pause == Pause::by_operator) status.pause_words = paused_words(paused_by_);
  const bool leased = ports_.clock.now() < ports_.hosts.lease_until();
  say_trouble(status, {journal_.trouble(), leased ? "" : words::lease_is_over(), slots_.trouble()});
  // Last: whatever else stands still, this is why nothing will move any more.
  if (stop_.asked()) status.pause = Pause::stopping;
  const auto closed_for = slots_.closed_until() - ports_.clock.now();
  if (closed_for > Nanos{0}) status.closed_until = status.at + std::chrono::ceil<Millis>(closed_for);
  const auto sharing = sending_jobs();
  for (const auto& [id, job] : jobs_) status.jobs.push_back(job_status(*job, sharing));
  neighbours_.add_to(status);
  for (const auto& [name, words] : intake_.waiting()) {
    status.waiting.push_back(name.empty() ? words : fmt::format("{}: {}", text::shown(name, 80), words));
  }
  return status;
}

std::vector<WaitingFile> Engine::Impl::waiting_files() const {
  std::vector<WaitingFile> files;
  for (const auto& words : unknown_claims_) files.push_back({.name = {}, .words = words});
  for (const auto& [name, words] : intake_.waiting()) files.push_back({.name = name, .words = words});
  return files;
}

}  // namespace sluice::pipeline
