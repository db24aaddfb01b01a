#include "sluice/pipeline/still_picture.hpp"

#include <utility>

#include "ended_jobs.hpp"
#include "sluice/pipeline/operator_command.hpp"
#include "sluice/pipeline/placed_before.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::pipeline {

namespace {
constexpr std::size_t kShownName = 80;
}

std::string placed_before_words(const ports::JobHeader& job) {
  if (job.placed_before == 0) return "";
  return text::both(
      placed_before_message({.orders = job.placed_before, .last = job.placed_by, .last_name = job.placed_by_name}));
}

JobStatus still_picture(const ports::JobHeader& header) {
  const bool surveyed = header.service.has_value();
  return {.id = header.id,
          .name = text::shown(header.name, kShownName),
          .state = header.state,
          .service = surveyed ? std::string(orders::service(header.service).name) : "",
          .rows = header.rows,
          .counts = header.counts,
          .unsettled = surveyed ? header.rows - header.counts.total() : 0,
          .requests = header.requests,
          .eta = {},
          .held = header.hold == ports::Hold::none ? "" : header.hold_words,
          .placed_before = placed_before_words(header),
          .waits = {}};
}

ports::Task<Result<Status>> still_picture(ports::Ledger& ledger, const config::Settings& settings, WallTime now) {
  const auto jobs = co_await ledger.open_jobs();
  if (!jobs) co_return std::unexpected(jobs.error());
  const auto paused = co_await ledger.note(ports::Note::paused);
  if (!paused) co_return std::unexpected(paused.error());
  EndedJobs ended;
  if (auto loaded = co_await ended.load(ledger, now); !loaded) co_return std::unexpected(loaded.error());
  Status status;
  status.at = now;
  status.rate = config::requests_a_second(settings);
  if (!paused->empty()) status.pause = Pause::by_operator;
  status.pause_words = paused_words(*paused);
  for (const auto& job : *jobs) status.jobs.push_back(still_picture(job));
  ended.add_to(status, now);
  co_return status;
}

}  // namespace sluice::pipeline
