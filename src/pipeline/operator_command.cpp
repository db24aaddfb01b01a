#include "sluice/pipeline/operator_command.hpp"

#include <fmt/format.h>

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

}  // namespace

Result<std::string> change_header(Command what, JobHeader& header, const std::string& base_url) {
  const bool over = header.state == JobState::done || header.state >= JobState::rejecting;
  if (over) return fail(ErrorKind::usage, fmt::format("{} is finished", to_string(header.id)));
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
  if (header.counts[static_cast<std::size_t>(records::Outcome::in_doubt)] == 0) {
    return fmt::format("{} has no orders in doubt", id);
  }
  return std::nullopt;
}

std::string resolved_words(JobId job, bool applied) {
  return fmt::format("{}: its orders in doubt are resolved as {}; {}", to_string(job),
                     applied ? "applied" : "not applied",
                     applied ? "don't drop them in again" : "the in-doubt file may be dropped in again");
}

}  // namespace sluice::pipeline
