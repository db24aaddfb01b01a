// What a person who looked a job's orders in doubt up says of them.
#include "sluice/pipeline/operator_command.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "sluice/ports/file_names.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/operating.hpp"

namespace sluice::pipeline {

namespace words = text::words;

using ports::Doubt;
using ports::Hold;
using ports::JobHeader;
using ports::JobNote;
using ports::JobState;
using ports::LookedUp;
using ports::Note;
using ports::Ruling;

namespace {

/// As they stand in the ledger: never rename.
constexpr std::string_view kLookedUpParts[] = {"some", "all", "all_alike"};

std::string put_on_hold(JobHeader& header, const Decider& who) {
  // It replaces whatever held it: an operator's word is the one that must be lifted by an operator.
  header.hold = Hold::by_operator;
  header.hold_words = words::held_by(note_of(who), header.id);
  return words::job_held(header.id);
}

std::string release(JobHeader& header, const std::string& base_url) {
  // The operator has been told of both addresses, and says to go on with the one in force.
  if (header.hold == Hold::address_changed) header.base_url = base_url;
  if (header.hold == Hold::secret_lost) header.secret.clear();  // the file's content hash must do
  header.hold = Hold::none;
  header.hold_words.clear();
  // A cancelled job may have rows that were settled as not sent: it can't be revived.
  if (header.ruling != Ruling::cancelled) header.ruling = Ruling::released;
  return words::job_released(header.id);
}

std::string cancel(JobHeader& header) {
  header.ruling = Ruling::cancelled;
  header.hold = Hold::none;
  header.hold_words.clear();
  return words::job_cancelled(header.id);
}

/// Why nothing can be done to it any more; empty: it is not over.
std::string over_words(const JobHeader& header) {
  switch (header.state) {
    case JobState::done:
      return words::job_done(header.id);
    case JobState::rejecting:
    case JobState::rejected:
      return words::job_rejected(header.id);
    case JobState::dropped:
      return words::job_dropped(header.id);
    default:
      return "";
  }
}

/// Why there is nothing to resolve yet, or at all.
std::optional<std::string> why_not_resolvable(const JobHeader& header) {
  if (header.state == JobState::rejected || header.state == JobState::dropped)
    return words::nothing_was_sent(header.id);
  if (header.state != JobState::done) return words::not_finished_yet(header.id);
  if (header.counts[records::Outcome::in_doubt] == 0) return words::no_doubts(header.id);
  return std::nullopt;
}

LookedUp answer_for(const Resolution& resolution, const Doubt& doubt) {
  if (resolution.all != LookedUp::not_yet) return resolution.all;
  const auto found = resolution.by_hash.find(doubt.order_hash);
  return found == resolution.by_hash.end() ? LookedUp::not_yet : found->second;
}

/// How many orders of a job stand how.
struct Tally {
  std::uint64_t applied = 0;
  std::uint64_t not_applied = 0;
  std::uint64_t open = 0;

  void count(LookedUp answer) {
    ++(answer == LookedUp::applied ? applied : answer == LookedUp::not_applied ? not_applied : open);
  }
  LookedUpPart part() const {
    if (open > 0) return LookedUpPart::none_or_some;
    return applied == 0 || not_applied == 0 ? LookedUpPart::all_alike : LookedUpPart::all;
  }
  std::string text() const {
    if (open == 0 && not_applied == 0) return words::resolved_as_applied();
    if (open == 0 && applied == 0) return words::resolved_as_not_applied();
    const auto said = words::resolved_partly(applied, not_applied);
    return open == 0 ? said : said + words::not_looked_up(open);
  }
};

std::string said_words(JobId job, const Tally& tally) {
  auto said = words::doubts_are(job, tally.text());
  if (tally.applied > 0) said += words::not_sent_again();
  if (tally.not_applied > 0) said += words::may_come_again();
  return said;
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
  // All or nothing: a file that names other orders is the wrong file, and none of its answers can be trusted.
  if (known < resolution.by_hash.size())
    return fail(ErrorKind::usage, words::not_of_this_job(resolution.by_hash.size() - known, resolution.job));
  if (known == 0) return fail(ErrorKind::usage, words::nothing_waits(resolution.job));
  // Of two persons who looked, one was wrong: the first answer stands until somebody insists.
  if (contrary > 0 && !resolution.force) return fail(ErrorKind::usage, words::contrary(contrary, resolution.job, note));
  return Decision{.changes = {std::move(applied), std::move(not_applied),
                              ports::PutNote{{ports::JobNote::resolved, resolution.job},
                                             words::said_by(tally.text(), note_of(who))},
                              ports::PutNote{{JobNote::looked_up, resolution.job},
                                             std::string(kLookedUpParts[static_cast<std::size_t>(tally.part())])}},
                  .words = said_words(resolution.job, tally)};
}

}  // namespace

std::string note_of(const Decider& who) {
  return words::by(who.user, text::time_words(who.at));
}

Result<std::string> change_header(Command what, JobHeader& header, const std::string& base_url, const Decider& who) {
  if (auto over = over_words(header); !over.empty()) return fail(ErrorKind::usage, std::move(over));
  if (what == Command::release) return release(header, base_url);
  // Its results say how each order ended; a hold or a cancel could only contradict them.
  if (header.state == JobState::staged) {
    return fail(ErrorKind::usage, words::job_being_published(header.id));
  }
  return what == Command::cancel ? cancel(header) : put_on_hold(header, who);
}

ports::PutNote decided_note(Command what, JobId job, const Decider& who) {
  constexpr text::Sentence<1> kDone[] = {words::was_held, words::was_released, words::was_cancelled};
  return {{JobNote::decided, job}, kDone[static_cast<std::size_t>(what)](note_of(who))};
}

Decision pause(const std::string& paused_before, const Decider& who) {
  return {.changes = {ports::PutNote{Note::paused, paused_before.empty() ? note_of(who) : paused_before}},
          .words = paused_before.empty() ? words::line_paused() : words::line_paused_already()};
}

Decision resume(const std::string& paused_before, const std::string& was) {
  Decision decision{.changes = {ports::PutNote{Note::paused, ""}}, .words = {}};
  if (!was.empty())
    decision.words = words::line_tried_again(was);
  else if (!paused_before.empty())
    decision.words = words::line_resumed();
  else
    decision.words = words::line_not_paused();
  return decision;
}

std::string paused_words(const std::string& note) {
  return note.empty() ? "" : words::line_paused_by(note);
}

/// How a note ends in which some are still open.
constexpr std::string_view kNotYet = std::string_view(words::not_looked_up.english()).substr(5);  // behind ", {0}"

LookedUpPart looked_up_part(const std::string& looked_up, const std::string& resolved) {
  if (!looked_up.empty()) {
    const auto at = std::ranges::find(kLookedUpParts, looked_up);
    return at == std::end(kLookedUpParts) ? LookedUpPart::none_or_some
                                          : static_cast<LookedUpPart>(at - std::begin(kLookedUpParts));
  }
  const auto said = text::in(text::Lang::en, resolved);
  if (!said.starts_with("resolved") || said.contains(kNotYet)) return LookedUpPart::none_or_some;
  const bool alike = said.starts_with(words::resolved_as_applied.english()) ||
                     said.starts_with(words::resolved_as_not_applied.english());
  return alike ? LookedUpPart::all_alike : LookedUpPart::all;
}

ports::Task<Result<LookedUpPart>> looked_up_part(ports::Ledger& ledger, JobId job) {
  const auto looked_up = co_await ledger.note({JobNote::looked_up, job});
  if (!looked_up) co_return std::unexpected(looked_up.error());
  const auto resolved = co_await ledger.note({JobNote::resolved, job});
  if (!resolved) co_return std::unexpected(resolved.error());
  co_return looked_up_part(*looked_up, *resolved);
}

std::string doubts_words(const JobHeader& header, const std::string& note, WallTime now) {
  const auto orders = header.counts[records::Outcome::in_doubt];
  if (orders == 0 || header.state != JobState::done) return "";
  if (!note.empty()) return note;
  if (header.finished_at && now - *header.finished_at >= ports::kDoubtsKept) return words::too_old();
  return words::not_resolved(text::shown(ports::output_name(header.name, header.id, ports::OutputKind::in_doubt), 255),
                             header.id);
}

ports::Task<Result<Decision>> resolve(ports::Ledger& ledger, Resolution resolution, Decider who) {
  const auto job = co_await ledger.job(resolution.job);
  if (!job) co_return std::unexpected(job.error());
  if (!*job) co_return fail(ErrorKind::missing, words::no_job(resolution.job));
  if (auto why = why_not_resolvable(**job)) co_return fail(ErrorKind::usage, std::move(*why));
  const auto doubts = co_await ledger.doubts(who.at);
  if (!doubts) co_return std::unexpected(doubts.error());
  const auto note = co_await ledger.note({ports::JobNote::resolved, resolution.job});
  if (!note) co_return std::unexpected(note.error());
  co_return decide(resolution, *doubts, *note, who);
}

}  // namespace sluice::pipeline
