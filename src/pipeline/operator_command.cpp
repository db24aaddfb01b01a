// What a person who looked a job's orders in doubt up says of them.
#include "sluice/pipeline/operator_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "sluice/base/rfc3339.hpp"
#include "sluice/ports/file_names.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::pipeline {

using ports::Doubt;
using ports::Hold;
using ports::JobHeader;
using ports::JobNote;
using ports::JobState;
using ports::LookedUp;
using ports::Note;
using ports::Ruling;

namespace {

std::string put_on_hold(JobHeader& header, const Decider& who) {
  // It replaces whatever held it: an operator's word is the one that must be lifted by an operator.
  header.hold = Hold::by_operator;
  header.hold_words = fmt::format("held {}; `sluice release {}` goes on", note_of(who), to_string(header.id));
  return fmt::format("{} is held; what is in flight finishes", to_string(header.id));
}

std::string release(JobHeader& header, const std::string& base_url) {
  // The operator has been told of both addresses, and says to go on with the one in force.
  if (header.hold == Hold::address_changed) header.base_url = base_url;
  if (header.hold == Hold::secret_lost) header.secret.clear();  // the file's content hash must do
  header.hold = Hold::none;
  header.hold_words.clear();
  // A cancelled job may have rows that were settled as not sent: it can't be revived.
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

/// Why there is nothing to resolve yet, or at all.
std::optional<std::string> why_not_resolvable(const JobHeader& header) {
  const auto id = to_string(header.id);
  if (header.state == JobState::rejected || header.state == JobState::dropped) {
    return fmt::format("nothing of {} was ever sent: there is nothing to resolve", id);
  }
  if (header.state != JobState::done) {
    return fmt::format("{} is not finished yet: its orders in doubt are known when its in-doubt file is in the outbox",
                       id);
  }
  if (header.counts[records::Outcome::in_doubt] == 0) return fmt::format("{} has no orders in doubt", id);
  return std::nullopt;
}

LookedUp answer_for(const Resolution& resolution, const Doubt& doubt) {
  if (resolution.all != LookedUp::not_yet) return resolution.all;
  const auto found = resolution.by_hash.find(doubt.order_hash);
  return found == resolution.by_hash.end() ? LookedUp::not_yet : found->second;
}

std::string contrary_words(JobId job, std::uint64_t orders, const std::string& note) {
  return fmt::format(
      "nothing was changed: of {} of the orders of {} the contrary was said before ({}); if that was "
      "wrong, say it again with --force",
      orders, to_string(job), note);
}

/// How many orders of a job stand how.
struct Tally {
  std::uint64_t applied = 0;
  std::uint64_t not_applied = 0;
  std::uint64_t open = 0;

  void count(LookedUp answer) {
    ++(answer == LookedUp::applied ? applied : answer == LookedUp::not_applied ? not_applied : open);
  }
  std::string words() const {
    if (open == 0 && not_applied == 0) return "resolved as applied";
    if (open == 0 && applied == 0) return "resolved as not applied";
    auto said = fmt::format("resolved: {} as applied, {} as not applied", applied, not_applied);
    return open == 0 ? said : fmt::format("{}, {} not looked up yet", said, open);
  }
};

std::string said_words(JobId job, const Tally& tally) {
  auto words = fmt::format("{}: its orders in doubt are {}", to_string(job), tally.words());
  if (tally.applied > 0) words += "; those that were applied are not sent again";
  if (tally.not_applied > 0) words += "; those that were not may be dropped in again";
  return words;
}

Result<Decision> decide(const Resolution& resolution, const std::vector<Doubt>& doubts, const std::string& note,
                        const Decider& who) {
  ports::ResolveDoubts applied{.job = resolution.job, .looked_up = LookedUp::applied, .rows = {}};
  ports::ResolveDoubts not_applied{.job = resolution.job, .looked_up = LookedUp::not_applied, .rows = {}};
  Tally tally;
  std::uint64_t contrary = 0;
  std::uint64_t known = 0;
  for (const auto& doubt : doubts) {
    if (doubt.job != resolution.job) continue;
    const auto answer = answer_for(resolution, doubt);
    if (answer == LookedUp::not_yet) {
      tally.count(doubt.looked_up);
      continue;
    }
    ++known;
    tally.count(answer);
    // Saying the same again is no contradiction: a script may well run twice.
    if (doubt.looked_up != LookedUp::not_yet && doubt.looked_up != answer) ++contrary;
    (answer == LookedUp::applied ? applied : not_applied).rows.push_back(doubt.row);
  }
  const auto id = to_string(resolution.job);
  // All or nothing: a file that names other orders is the wrong file, and none of its answers can be trusted.
  if (known < resolution.by_hash.size())
    return fail(ErrorKind::usage, fmt::format("nothing was changed: {} of the orders of that file are not in doubt in "
                                              "{}, or too old to be remembered",
                                              resolution.by_hash.size() - known, id));
  if (known == 0)
    return fail(ErrorKind::usage, fmt::format("{} has no order that waits for an answer: they are in doubt in the jobs "
                                              "that its in-doubt file names, or too old to be remembered",
                                              id));
  // Of two persons who looked, one was wrong: the first answer stands until somebody insists.
  if (contrary > 0 && !resolution.force) return fail(ErrorKind::usage, contrary_words(resolution.job, contrary, note));
  return Decision{.changes = {std::move(applied), std::move(not_applied),
                              ports::PutNote{{ports::JobNote::resolved, resolution.job},
                                             fmt::format("{} {}", tally.words(), note_of(who))}},
                  .words = said_words(resolution.job, tally)};
}

}  // namespace

std::string note_of(const Decider& who) {
  return fmt::format("by {} at {}", who.user, rfc3339(who.at));
}

Result<std::string> change_header(Command what, JobHeader& header, const std::string& base_url, const Decider& who) {
  if (auto over = over_words(header); !over.empty()) return fail(ErrorKind::usage, std::move(over));
  if (what == Command::release) return release(header, base_url);
  // Its results say how each order ended; a hold or a cancel could only contradict them.
  if (header.state == JobState::staged) {
    return fail(ErrorKind::usage, fmt::format("{} has all its answers and is being published", to_string(header.id)));
  }
  return what == Command::cancel ? cancel(header) : put_on_hold(header, who);
}

ports::PutNote decided_note(Command what, JobId job, const Decider& who) {
  constexpr const char* kDone[] = {"held", "released", "cancelled"};
  return {{JobNote::decided, job}, fmt::format("{} {}", kDone[static_cast<std::size_t>(what)], note_of(who))};
}

Decision pause(const std::string& paused_before, const Decider& who) {
  const auto already = paused_before.empty() ? "" : " already";
  return {.changes = {ports::PutNote{Note::paused, paused_before.empty() ? note_of(who) : paused_before}},
          .words = fmt::format("paused{}: no request starts until `sluice resume`", already)};
}

Decision resume(const std::string& paused_before, const std::string& was) {
  Decision decision{.changes = {ports::PutNote{Note::paused, ""}}, .words = {}};
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
      "not resolved: look up each row of outbox/{}, then `sluice resolve {} --applied` or `--not-applied`, or of the "
      "job "
      "that a row's message names",
      text::shown(ports::output_name(header.name, header.id, ports::OutputKind::in_doubt), 255), to_string(header.id));
}

ports::Task<Result<Decision>> resolve(ports::Ledger& ledger, Resolution resolution, Decider who) {
  const auto job = co_await ledger.job(resolution.job);
  if (!job) co_return std::unexpected(job.error());
  if (!*job) co_return fail(ErrorKind::missing, fmt::format("no job {}", to_string(resolution.job)));
  if (auto why = why_not_resolvable(**job)) co_return fail(ErrorKind::usage, std::move(*why));
  const auto doubts = co_await ledger.doubts(who.at);
  if (!doubts) co_return std::unexpected(doubts.error());
  const auto note = co_await ledger.note({ports::JobNote::resolved, resolution.job});
  if (!note) co_return std::unexpected(note.error());
  co_return decide(resolution, *doubts, *note, who);
}

}  // namespace sluice::pipeline
