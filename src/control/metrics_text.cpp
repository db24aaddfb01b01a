#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

#include "sluice/control/metrics.hpp"

namespace sluice::control {

namespace {

using pipeline::Status;

/// Writes one metric after another: its help and type, then its samples.
class Exposition {
 public:
  void begin(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    fmt::format_to(out(), "# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type);
  }
  void sample(double value) { fmt::format_to(out(), "{} {}\n", name_, value); }
  void sample(std::string_view label, std::string_view word, double value) {
    fmt::format_to(out(), "{}{{{}=\"{}\"}} {}\n", name_, label, word, value);
  }
  void gauge(std::string_view name, std::string_view help, double value) {
    begin(name, "gauge", help);
    sample(value);
  }
  void counter(std::string_view name, std::string_view help, double value) {
    begin(name, "counter", help);
    sample(value);
  }
  void histogram(std::string_view name, std::string_view help, const pipeline::DurationHistogram& took) {
    begin(name, "histogram", help);
    std::uint64_t up_to = 0;
    for (std::size_t i = 0; i < took.kBounds.size(); ++i) {
      up_to += took.buckets()[i];
      fmt::format_to(out(), "{}_bucket{{le=\"{}\"}} {}\n", name, took.kBounds[i], up_to);
    }
    up_to += took.buckets().back();
    fmt::format_to(out(), "{0}_bucket{{le=\"+Inf\"}} {1}\n{0}_sum {2}\n{0}_count {1}\n", name, up_to, took.seconds());
  }
  std::string take() { return std::move(text_); }

 private:
  std::back_insert_iterator<std::string> out() { return std::back_inserter(text_); }

  std::string text_;
  std::string_view name_;
};

double seconds_from(WallTime from, WallTime to) {
  return std::chrono::duration<double>(to - from).count();
}

void write_requests(Exposition& to, const pipeline::RequestMeters& requests) {
  to.counter("sluice_requests_started_total", "Requests that took a slot of the limit.",
             static_cast<double>(requests.started));
  to.begin("sluice_requests_total", "counter", "Requests that ended, by class of the answer (docs/api.md).");
  for (std::size_t i = 0; i < requests.answers.size(); ++i) {
    to.sample("class", orders::name(static_cast<orders::AnswerClass>(i)), static_cast<double>(requests.answers[i]));
  }
  to.sample("class", "lost", static_cast<double>(requests.lost));
  to.sample("class", "unsent", static_cast<double>(requests.unsent));
  to.histogram("sluice_request_duration_seconds", "From the slot to the whole answer.", requests.took);
}

void write_line(Exposition& to, const Status& status) {
  to.gauge("sluice_limit_requests_per_second", "The limit, as configured.", status.rate);
  to.gauge("sluice_recent_requests_per_second", "Requests that started lately.", status.recent_rate);
  to.gauge("sluice_spacing_ratio", "How much wider than the limit asks requests are spaced, after throttling.",
           status.widening);
  to.gauge("sluice_closed_seconds", "How long no request starts yet, as a throttled answer asked.",
           status.closed_until ? seconds_from(status.at, *status.closed_until) : 0);
  to.gauge("sluice_requests_in_flight", "Requests under way.", status.in_flight);
  to.begin("sluice_paused", "gauge", "1 for the reason why no request starts on the whole line.");
  using enum pipeline::Pause;
  for (const auto pause : {by_operator, authorization, certificate, address, outage, storage, stopping}) {
    to.sample("reason", pipeline::name(pause), status.pause == pause ? 1 : 0);
  }
  to.gauge("sluice_credential_unreadable", "1: the credential's source can't be read now; the last one is in use.",
           status.credential.empty() ? 0 : 1);
}

void write_jobs(Exposition& to, const Status& status) {
  double held = 0, unsettled = 0, maybe = 0, eta = 0, doubts = 0;
  for (const auto& job : status.jobs) {
    held += job.held.empty() ? 0 : 1;
    unsettled += static_cast<double>(job.unsettled);
    maybe += static_cast<double>(job.maybe_applied);
    if (job.eta) eta = std::max(eta, seconds_from(status.at, *job.eta));
  }
  for (const auto& job : status.in_doubt) doubts += static_cast<double>(job.orders);
  to.gauge("sluice_jobs_open", "Jobs at work, held ones too.", static_cast<double>(status.jobs.size()));
  to.gauge("sluice_jobs_held", "Jobs that wait for a person.", held);
  to.gauge("sluice_orders_unsettled", "Orders of open jobs without an outcome.", unsettled);
  to.gauge("sluice_orders_maybe_applied", "Those of them whose last attempt had no usable answer.", maybe);
  to.gauge("sluice_orders_in_doubt", "Orders of ended jobs that nobody has looked up.", doubts);
  to.gauge("sluice_eta_seconds", "Until the last of the jobs that move is done; 0 where none does.", eta);
  to.gauge("sluice_files_waiting", "Files in the inbox that are not taken, each with a reason in the status.",
           static_cast<double>(status.waiting.size()));
  const auto waits = [](const pipeline::HostStatus& host) { return !host.alive && host.jobs > 0; };
  to.gauge("sluice_hosts_silent", "Other hosts of the account whose lease is over while jobs of theirs are unfinished.",
           static_cast<double>(std::ranges::count_if(status.hosts, waits)));
  to.begin("sluice_jobs_total", "counter", "Jobs that ended.");
  to.sample("state", "done", static_cast<double>(status.meters.jobs_done));
  to.sample("state", "rejected", static_cast<double>(status.meters.jobs_rejected));
  to.gauge("sluice_last_job_end_timestamp_seconds", "When a job ended last; 0: none is known.",
           status.ended.empty() || !status.ended.front().finished
               ? 0
               : std::chrono::duration<double>(status.ended.front().finished->time_since_epoch()).count());
}

void write_ledger(Exposition& to, const pipeline::LedgerMeters& ledger) {
  to.begin("sluice_orders_total", "counter", "Orders settled, by result (docs/contract.md, Output).");
  for (const auto outcome : records::kEveryOutcome) {
    to.sample("result", records::name(outcome), static_cast<double>(ledger.settled[outcome]));
  }
  to.counter("sluice_other_starts_total",
             "Accepted orders that become active on another day than one completed then should.",
             static_cast<double>(ledger.other_starts));
  to.counter("sluice_ledger_commits_total", "Durable commits.", static_cast<double>(ledger.commits));
  to.counter("sluice_ledger_failed_commits_total", "Commits that could not be written; what matters is tried again.",
             static_cast<double>(ledger.failed_commits));
  to.counter("sluice_ledger_commit_seconds_total", "Time that commits took, in sum.",
             std::chrono::duration<double>(ledger.commit_time).count());
}

}  // namespace

std::string metrics_text(const Status& status) {
  Exposition to;
  to.begin("sluice_build_info", "gauge", "The version, in a label.");
  to.sample("version", SLUICE_VERSION, 1);
  write_requests(to, status.meters.requests);
  write_line(to, status);
  write_jobs(to, status);
  write_ledger(to, status.meters.ledger);
  return to.take();
}

}  // namespace sluice::control
