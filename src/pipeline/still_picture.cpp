#include "sluice/pipeline/still_picture.hpp"

#include <algorithm>
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

void add_hosts(Status& status, const std::vector<ports::Host>& hosts,
               const std::vector<ports::Hosts::JobElsewhere>& jobs) {
  for (const auto& host : hosts) {
    const auto its = std::ranges::count(jobs, host.name, &ports::Hosts::JobElsewhere::host);
    status.hosts.push_back({.name = text::shown(host.name, kShownName),
                            .ours = host.ours,
                            .alive = host.alive,
                            .seen = host.seen,
                            .jobs = host.ours ? status.jobs.size() : static_cast<std::uint64_t>(its)});
  }
  for (const auto& [header, host] : jobs) {
    const auto job = still_picture(header);
    status.elsewhere.push_back({.id = job.id,
                                .host = text::shown(host, kShownName),
                                .name = job.name,
                                .state = job.state,
                                .rows = job.rows,
                                .counts = job.counts,
                                .held = job.held});
  }
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
