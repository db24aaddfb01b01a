#include "sluice/pipeline/operator_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "sluice/base/rfc3339.hpp"
#include "sluice/ports/file_names.hpp"
#include "sluice/ports/notes.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::pipeline {

using ports::Hold;
using ports::JobHeader;
using ports::JobNote;
using ports::JobState;
using ports::Note;
using ports::Ruling;

namespace {

std::string put_on_hold(JobHeader& header, const Decider& who) {
  header.hold = Hold::by_operator;
  header.hold_words = fmt::format("held {}; `sluice release {}` goes on", note_of(who), to_string(header.id));
  return fmt::format("{} is held; what is in flight finishes", to_string(header.id));
}

std::string release(JobHeader& header, const std::string& base_url) {
  if (header.hold == Hold::address_changed) header.base_url = base_url;
  header.hold = Hold::none;
  header.hold_words.clear();
  if (header.ruling != Ruling::cancelled) header.ruling = Ruling::released;
  return fmt::format("{} goes on; no cap holds it any more", to_string(header.id));
}

std::string cancel(JobHeader& header) {
  header.ruling = Ruling::cancelled;
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

std::string note_of(const Decider& who) {
  return fmt::format("by {} at {}", who.user, rfc3339(who.at));
}

Result<std::string> change_header(Command what, JobHeader& header, const std::string& base_url, const Decider& who) {
  if (auto over = over_words(header); !over.empty()) return fail(ErrorKind::usage, std::move(over));
  if (what == Command::release) return release(header, base_url);
  if (header.state == JobState::staged) {
    return fail(ErrorKind::usage, fmt::format("{} has all its answers and is being published", to_string(header.id)));
  }
  return what == Command::cancel ? cancel(header) : put_on_hold(header, who);
}

ports::PutNote decided_note(Command what, JobId job, const Decider& who) {
  constexpr const char* kDone[] = {"held", "released", "cancelled"};
  return {note_key(JobNote::decided, job), fmt::format("{} {}", kDone[static_cast<std::size_t>(what)], note_of(who))};
}

Decision pause(const std::string& paused_before, const Decider& who) {
  const auto already = paused_before.empty() ? "" : " already";
  return {.changes = {ports::PutNote{note_key(Note::paused), paused_before.empty() ? note_of(who) : paused_before}},
          .words = fmt::format("paused{}: no request starts until `sluice resume`", already)};
}

Decision resume(const std::string& paused_before, const std::string& was) {
  Decision decision{.changes = {ports::PutNote{note_key(Note::paused), ""}}, .words = {}};
  if (!was.empty())
    decision.words = fmt::format("resumed: it is tried again now; what had paused it: {}", was);
  else if (!paused_before.empty())
    decision.words = "resumed";
  else
    decision.words = "nothing was paused; a held job goes on with `sluice release JOB`";
  return decision;
}

std::string paused_words(const std::string& note) {
  return note.empty() ? "" : fmt::format("paused {}; `sluice resume` goes on", note);
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

}  // namespace sluice::pipeline
