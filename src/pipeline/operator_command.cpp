#include "sluice/pipeline/operator_command.hpp"

#include <fmt/format.h>

#include "sluice/base/rfc3339.hpp"
#include "sluice/ports/file_names.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::pipeline {

using ports::Hold;
using ports::JobHeader;
using ports::JobState;

namespace {

std::string put_on_hold(JobHeader& header) {
  header.hold = Hold::by_operator;
  header.hold_words = fmt::format("held by the operator; `sluice release {}` goes on", to_string(header.id));
  return fmt::format("{} is held; what is in flight finishes", to_string(header.id));
}

std::string release(JobHeader& header, const std::string& base_url) {
  if (header.hold == Hold::address_changed) header.base_url = base_url;
  header.hold = Hold::none;
  header.hold_words.clear();
  header.released = true;
  return fmt::format("{} goes on; no cap holds it any more", to_string(header.id));
}

std::string cancel(JobHeader& header) {
  header.cancelled = true;
  header.hold = Hold::none;
  header.hold_words.clear();
  return fmt::format("{} is cancelled: what is in flight finishes, the rest is not sent", to_string(header.id));
}

/// Why nothing can be done to it any more; empty: it is not over.
std::string over_words(const JobHeader& header) {
  const auto id = to_string(header.id);
  switch (header.state) {
    case JobState::done:
      return fmt::format("{0} is finished, and nothing was changed: its results are in the outbox; `sluice show {0}`",
                         id);
    case JobState::rejecting:
    case JobState::rejected:
      return fmt::format("{0} was rejected, and nothing of it was sent: its file and the reason are in rejected/", id);
    case JobState::dropped:
      return fmt::format("{} came to nothing: its file was not taken, and nothing of it was sent", id);
    default:
      return "";
  }
}

}  // namespace

Result<std::string> change_header(Command what, JobHeader& header, const std::string& base_url) {
  if (auto over = over_words(header); !over.empty()) return fail(ErrorKind::usage, std::move(over));
  if (what == Command::release) return release(header, base_url);
  if (header.state == JobState::staged) {
    return fail(ErrorKind::usage, fmt::format("{} has all its answers and is being published", to_string(header.id)));
  }
  return what == Command::cancel ? cancel(header) : put_on_hold(header);
}

std::optional<std::string> why_not_resolvable(const JobHeader& header) {
  const auto id = to_string(header.id);
  if (header.state == JobState::rejected || header.state == JobState::dropped) {
    return fmt::format("nothing of {} was ever sent: there is nothing to resolve", id);
  }
  if (header.state != JobState::done) {
    return fmt::format("{} is not finished yet: its orders in doubt are known when its in-doubt file is in the outbox",
                       id);
  }
  if (header.counts[records::Outcome::in_doubt] == 0) {
    return fmt::format("{} has no orders in doubt", id);
  }
  return std::nullopt;
}

std::string resolved_words(JobId job, bool applied) {
  return fmt::format("{}: its orders in doubt are resolved as {}; {}", to_string(job),
                     applied ? "applied" : "not applied",
                     applied ? "don't drop them in again" : "the in-doubt file may be dropped in again");
}

std::string resolved_key(JobId job) {
  return "resolved " + to_string(job);
}

std::string resolved_note(bool applied, WallTime at) {
  return fmt::format("resolved as {} at {}", applied ? "applied" : "not applied", rfc3339(at));
}

std::string doubts_words(const JobHeader& header, const std::string& note, WallTime now) {
  const auto orders = header.counts[records::Outcome::in_doubt];
  if (orders == 0 || header.state != JobState::done) return "";
  if (!note.empty()) return note;
  if (header.finished_at && now - *header.finished_at >= ports::kDoubtsKept)
    return "not resolved, and too old to be kept";
  return fmt::format(
      "not resolved: look up each row of outbox/{}, then `sluice resolve {} --applied` or `--not-applied`",
      text::shown(ports::output_name(header.name, header.id, ports::OutputKind::in_doubt), 255), to_string(header.id));
}

std::string paused_words(bool was_paused) {
  return fmt::format("{}: no request starts until `sluice resume`", was_paused ? "paused already" : "paused");
}

std::string resumed_words(bool by_operator, const std::string& was) {
  if (!was.empty()) return fmt::format("resumed: it is tried again now; what had paused it: {}", was);
  return by_operator ? "resumed" : "nothing was paused; a held job goes on with `sluice release JOB`";
}

}  // namespace sluice::pipeline
