// What a person who looked a job's orders in doubt up says of them.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sluice/pipeline/operator_command.hpp"
#include "sluice/ports/notes.hpp"

namespace sluice::pipeline {

namespace {

using ports::Doubt;
using ports::JobHeader;
using ports::JobState;
using ports::LookedUp;

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
    if (doubt.looked_up != LookedUp::not_yet && doubt.looked_up != answer) ++contrary;
    (answer == LookedUp::applied ? applied : not_applied).rows.push_back(doubt.row);
  }
  const auto id = to_string(resolution.job);
  if (known < resolution.by_hash.size())
    return fail(ErrorKind::usage, fmt::format("nothing was changed: {} of the orders of that file are not in doubt in "
                                              "{}, or too old to be remembered",
                                              resolution.by_hash.size() - known, id));
  if (known == 0)
    return fail(ErrorKind::usage, fmt::format("{} has no order that waits for an answer: they are in doubt in the jobs "
                                              "that its in-doubt file names, or too old to be remembered",
                                              id));
  if (contrary > 0 && !resolution.force) return fail(ErrorKind::usage, contrary_words(resolution.job, contrary, note));
  return Decision{.changes = {std::move(applied), std::move(not_applied),
                              ports::PutNote{note_key(ports::JobNote::resolved, resolution.job),
                                             fmt::format("{} {}", tally.words(), note_of(who))}},
                  .words = said_words(resolution.job, tally)};
}

}  // namespace

ports::Task<Result<Decision>> resolve(ports::Ledger& ledger, Resolution resolution, Decider who) {
  const auto job = co_await ledger.job(resolution.job);
  if (!job) co_return std::unexpected(job.error());
  if (!*job) co_return fail(ErrorKind::missing, fmt::format("no job {}", to_string(resolution.job)));
  if (auto why = why_not_resolvable(**job)) co_return fail(ErrorKind::usage, std::move(*why));
  const auto doubts = co_await ledger.doubts(who.at);
  if (!doubts) co_return std::unexpected(doubts.error());
  const auto note = co_await ledger.note(note_key(ports::JobNote::resolved, resolution.job));
  if (!note) co_return std::unexpected(note.error());
  co_return decide(resolution, *doubts, *note, who);
}

}  // namespace sluice::pipeline
