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

std::string resolved_words(JobId job, bool applied) {
  return fmt::format("{}: its orders in doubt are resolved as {}; {}", to_string(job),
                     applied ? "applied" : "not applied",
                     applied ? "don't drop them in again" : "the in-doubt file may be dropped in again");
}

}  // namespace sluice::pipeline
