#include "service_manager.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>

#include <algorithm>
#include <ctime>
#include <utility>

#include "language.hpp"
#include "sluice/control/views.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/status.hpp"

namespace sluice::app {

namespace {

namespace words = text::words;

constexpr auto kEvery = std::chrono::seconds(1);
constexpr auto kAtRest = std::chrono::seconds(5);  // an idle daemon wakes the machine as seldom as it can
constexpr std::size_t kLongest = 1000;             // systemd cuts what is longer

/// sd_notify takes one assignment a line.
std::string one_line(std::string words) {
  std::ranges::replace(words, '\n', ' ');
  return text::shown(words, kLongest);
}

std::string jobs_words(const pipeline::Status& status) {
  if (status.jobs.empty()) return words::no_job_at_work();
  std::uint64_t rows = 0;
  std::uint64_t settled = 0;
  std::size_t held = 0;
  for (const auto& job : status.jobs) {
    rows += job.rows;
    settled += job.rows - std::min(job.rows, job.unsettled);
    if (!job.held.empty()) ++held;
  }
  auto said = words::jobs_at_work(status.jobs.size(), settled, rows);
  if (held > 0) said += words::jobs_held(held);
  return said;
}

}  // namespace

void tell_ready() {
  ::sd_notify(0, "READY=1");
}

void tell_stopping() {
  ::sd_notify(0, "STOPPING=1");
}

void tell_reloading() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  ::sd_notify(0, fmt::format("RELOADING=1\nMONOTONIC_USEC={}", now.tv_sec * 1'000'000 + now.tv_nsec / 1000).c_str());
}

void tell_waiting(text::Lang language, const std::string& why) {
  const auto line = one_line(text::in(language, why));
  ::sd_notify(0, fmt::format("STATUS={}\nEXTEND_TIMEOUT_USEC=60000000", line).c_str());
}

std::string status_line(const pipeline::Status& status, text::Lang language) {
  std::string line;
  if (status.pause != pipeline::Pause::none) {
    line = words::paused(control::pause_words(status.pause), status.pause_words) + words::semicolon();
  }
  line += jobs_words(status);
  if (!status.in_doubt.empty()) line += words::jobs_with_doubts(status.in_doubt.size());
  if (!status.waiting.empty()) line += words::files_not_taken(status.waiting.size());
  return one_line(text::in(language, line));
}

StatusKeeper::StatusKeeper(const config::Settings& settings, const pipeline::Engine& engine, ports::Clock& clock)
    : settings_(settings), engine_(engine), clock_(clock), timer_(clock.timer()) {}

ports::Task<void> StatusKeeper::run() {
  std::string last_sent;
  while (!stopping_) {
    const auto status = engine_.status();
    auto line = status_line(status, language_of(settings_.language));
    const bool at_rest = status.jobs.empty() && line == last_sent;
    if (line != last_sent) ::sd_notify(0, ("STATUS=" + line).c_str());
    last_sent = std::move(line);
    ::sd_notify(0, "WATCHDOG=1");  // from the one thread on which the pipeline runs
    spdlog::default_logger_raw()->flush();
    co_await timer_->wait(clock_.now() + (at_rest ? kAtRest : kEvery));
  }
}

void StatusKeeper::stop() {
  stopping_ = true;
  timer_->wake();
}

}  // namespace sluice::app
