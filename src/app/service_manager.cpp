#include "service_manager.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <string_view>
#include <utility>

#include "datagram_socket.hpp"
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

/// One datagram (sd_notify(3), Notes): libsystemd would bring six libraries along for it.
void notify(std::string_view assignments) {
  const char* path = std::getenv("NOTIFY_SOCKET");
  const int manager = path == nullptr ? -1 : datagram_socket(path);
  if (manager < 0) return;
  ::send(manager, assignments.data(), assignments.size(), MSG_NOSIGNAL);
  ::close(manager);
}

/// One assignment takes one line.
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
  notify("READY=1");
}

void tell_stopping() {
  notify("STOPPING=1");
}

void tell_reloading() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  notify(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", now.tv_sec * 1'000'000 + now.tv_nsec / 1000));
}

void tell_waiting(text::Lang language, const std::string& why) {
  const auto line = one_line(text::in(language, why));
  notify(fmt::format("STATUS={}\nEXTEND_TIMEOUT_USEC=60000000", line));
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
    if (line != last_sent) notify("STATUS=" + line);
    last_sent = std::move(line);
    notify("WATCHDOG=1");  // from the one thread on which the pipeline runs
    spdlog::default_logger_raw()->flush();
    co_await timer_->wait(clock_.now() + (at_rest ? kAtRest : kEvery));
  }
}

void StatusKeeper::stop() {
  stopping_ = true;
  timer_->wake();
}

}  // namespace sluice::app
