// The live picture for people, in the reader's language.
#include <fmt/format.h>

#include <algorithm>

#include "chosen_words.hpp"
#include "printable.hpp"
#include "sluice/control/views.hpp"
#include "sluice/orders/dates.hpp"
#include "sluice/orders/service.hpp"

namespace sluice::control {

namespace {

namespace words = text::words;
using ports::JobState;
using text::in;
using text::Lang;

constexpr std::size_t kBar = 30;

/// Full only when all is settled.
std::string bar(std::uint64_t settled, std::uint64_t rows, bool color) {
  const auto full = rows == 0 ? 0 : static_cast<std::size_t>(settled * kBar / rows);
  std::string filled;
  std::string empty;
  for (std::size_t i = 0; i < kBar; ++i) (i < full ? filled : empty) += i < full ? "█" : "░";
  return color ? fmt::format("\x1b[32m{}\x1b[0m{}", filled, empty) : filled + empty;
}

void add_line(std::string& out, std::string_view line) {
  out += fmt::format("    {}\n", line);
}

/// What the picture says, for people: every text in the reader's language, and fit for a terminal.
class Lines {
 public:
  Lines(Lang lang, bool color) : lang_(lang), color_(color) {}
  std::string head(const pipeline::Status& status) const;
  std::string job(const pipeline::JobStatus& job, const pipeline::Status& status) const;
  std::string doubt(const pipeline::JobInDoubt& job) const;
  std::string ended(const pipeline::EndedJob& job) const;
  std::string not_taken(const std::string& why) const;
  std::string host(const pipeline::HostStatus& host) const;
  std::string elsewhere(const pipeline::JobElsewhere& job) const;
  std::string one(const std::string& words) const { return in(lang_, words) + "\n"; }
  std::string shown(const std::string& words) const { return printable(in(lang_, words)); }

 private:
  std::string gate(const pipeline::Status& status) const;

  Lang lang_;
  bool color_;
};

std::string Lines::job(const pipeline::JobStatus& job, const pipeline::Status& status) const {
  auto out = fmt::format("{}  {}  ", to_string(job.id), printable_name(job.name));
  if (job.state == JobState::sending || job.state == JobState::staged) {
    const auto settled = job.rows - std::min(job.rows, job.unsettled);
    const auto percent = job.rows == 0 ? 0 : settled * 100 / job.rows;
    out += fmt::format("{} {}% {}/{}", bar(settled, job.rows, color_), percent, settled, job.rows);
    if (job.eta && !status.closed_until) out += in(lang_, words::done_about(text::clock_words(*job.eta)));
    out += '\n';
  } else {
    out += one(state_words(job.state));
  }
  const auto add = [&](const auto& sentence, const std::string& text) {
    if (!text.empty()) add_line(out, in(lang_, sentence(shown(text))));
  };
  add(words::so_far, counts_text(job.counts));
  if (job.maybe_applied > 0) add(words::asked_again, std::to_string(job.maybe_applied));
  add(words::held, job.held);
  if (job.held.empty()) add(words::placed_before, job.placed_before);
  add(words::waits, job.waits);
  const bool late = job.eta && job.service == orders::service(orders::ServiceId::create).name &&
                    *job.eta >= orders::activation_deadline(status.at);
  if (late) add_line(out, in(lang_, words::late()));
  return out;
}

std::string Lines::doubt(const pipeline::JobInDoubt& job) const {
  return one(words::job_in_doubt(job.id, printable_name(job.name), job.orders, printable_name(job.file)));
}

std::string Lines::ended(const pipeline::EndedJob& job) const {
  const auto came_of = job.state == JobState::rejected ? words::reason_in_rejected() : counts_text(job.counts);
  return one(words::ended(job.id, printable_name(job.name), state_words(job.state),
                          job.finished ? text::time_words(*job.finished) : "", came_of));
}

std::string Lines::not_taken(const std::string& why) const {
  return one(words::not_taken(shown(why)));
}

std::string Lines::host(const pipeline::HostStatus& host) const {
  const auto name = printable_name(host.name);
  if (host.alive) return one(words::host_alive(name, host.jobs));
  const auto seen = host.seen ? text::time_words(*host.seen) : "";
  return one(host.jobs == 0 ? words::host_away(name, seen) : words::host_gone(name, seen, host.jobs));
}

std::string Lines::elsewhere(const pipeline::JobElsewhere& job) const {
  auto came_to = state_words(job.state);
  if (const auto counts = counts_text(job.counts); !counts.empty())
    came_to += fmt::format("  {}/{}: {}", job.counts.total(), job.rows, counts);
  auto out = one(words::job_elsewhere(printable_name(job.host), job.id, printable_name(job.name), came_to));
  if (!job.held.empty()) add_line(out, in(lang_, words::held(shown(job.held))));
  return out;
}

std::string Lines::gate(const pipeline::Status& status) const {
  auto out = words::gate(fmt::format("{:.1f}", status.recent_rate), fmt::format("{:g}", status.rate), status.in_flight,
                         status.requests);
  if (status.throttled > 0) out += words::throttled(status.throttled);
  if (status.widening > 1) out += words::spacing(fmt::format("{:.2f}", status.widening));
  if (status.closed_until) out += words::closed_until(text::clock_words(*status.closed_until));
  return one(out);
}

std::string Lines::head(const pipeline::Status& status) const {
  std::string out;
  if (!status.note.empty()) out += shown(status.note) + "\n";
  if (status.pause != pipeline::Pause::none) {
    const auto kind = pause_words(status.pause);
    const auto since = status.paused_since ? words::pause_since(kind, text::clock_words(*status.paused_since)) : kind;
    out += one(words::paused(since, shown(status.pause_words)));
  }
  if (!status.inbox.empty()) out += one(words::inbox_trouble(shown(status.inbox)));
  if (!status.credential.empty()) out += one(words::credential_trouble(shown(status.credential)));
  // A gate that waits after its own start is closed too, and nobody was slowed.
  if (status.closed_until && status.throttled > 0)
    out += one(words::slowed(status.throttled, text::clock_words(*status.closed_until)));
  return status.note.empty() ? out + gate(status) : out;
}

}  // namespace

std::string pause_words(pipeline::Pause pause) {
  constexpr text::Sentence<0> kWords[] = {words::by_operator,    words::by_operator, words::by_authorization,
                                          words::by_certificate, words::by_address,  words::by_outage,
                                          words::by_storage,     words::by_stopping};
  return kWords[static_cast<std::size_t>(pause)]();
}

std::string outcome_words(records::Outcome outcome) {
  constexpr text::Sentence<0> kWords[] = {words::accepted, words::accepted,  words::accepted_earlier,
                                          words::refused,  words::invalid,   words::failed,
                                          words::not_sent, words::duplicate, words::in_doubt};
  return kWords[static_cast<std::size_t>(outcome)]();
}

std::string counts_text(const ports::Counts& counts) {
  std::string said;
  for (const auto outcome : records::kEveryOutcome) {
    if (counts[outcome] == 0) continue;
    said += (said.empty() ? "" : words::comma()) + words::count(counts[outcome], outcome_words(outcome));
  }
  return said;
}

std::string status_text(const pipeline::Status& status, bool color, text::Lang lang) {
  const Lines lines(lang, color);
  auto out = lines.head(status);
  if (status.jobs.empty()) out += lines.one(words::no_job_at_work());
  for (const auto& job : status.jobs) out += lines.job(job, status);
  for (const auto& job : status.elsewhere) out += lines.elsewhere(job);
  if (status.hosts.size() > 1) {
    for (const auto& host : status.hosts) out += lines.host(host);
  }
  for (const auto& job : status.in_doubt) out += lines.doubt(job);
  for (const auto& why : status.waiting) out += lines.not_taken(why);
  for (const auto& job : status.ended) out += lines.ended(job);
  return out;
}

Health health_of(const pipeline::Status& status, text::Lang lang) {
  const Lines lines(lang, /*color=*/false);
  if (!status.note.empty()) return {.exit = 2, .words = lines.one(words::not_running(lines.shown(status.note)))};
  if (status.pause != pipeline::Pause::none) return {.exit = 1, .words = lines.head(status)};
  std::string held;
  for (const auto& job : status.jobs) {
    if (!job.held.empty()) held += lines.one(words::held_job(job.id, lines.shown(job.held)));
  }
  if (!held.empty()) return {.exit = 1, .words = held};
  return {.exit = 0, .words = lines.one(words::working())};
}

}  // namespace sluice::control
