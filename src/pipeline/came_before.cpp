#include "sluice/pipeline/came_before.hpp"

#include <set>
#include <utility>

#include "sluice/ports/file_names.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words.hpp"

namespace sluice::pipeline {

namespace {

using ports::JobState;
using ports::OutputKind;
using text::Lang;
using text::Word;

std::string in_outbox(const ports::JobHeader& job, OutputKind kind) {
  return "outbox/" + text::shown(output_name(job.name, job.id, kind), 255);
}

/// Its orders in doubt may be those of other jobs, unsent here: then there is nothing of its own to resolve.
text::Message way_out_of_doubt(const ports::JobHeader& job, const std::vector<ports::Doubt>& doubts) {
  const auto file = in_outbox(job, OutputKind::in_doubt);
  std::set<JobId> others;
  for (const auto& doubt : doubts) {
    if (doubt.job == job.id) return {Word::same_content_in_doubt, {file, to_string(job.id)}};
    if (doubt.looked_up == ports::LookedUp::not_yet) others.insert(doubt.job);
  }
  if (others.empty()) return {Word::same_content_looked_up, {file}};
  std::string names;
  for (const auto other : others) names += (names.empty() ? "" : ", ") + to_string(other);
  return {Word::same_content_in_doubt_elsewhere, {file, names}};
}

/// How the rest of it is placed: what failed, and what is found not to have been applied, each has a file.
std::vector<text::Message> ways_on(const ports::JobHeader& job, std::uint64_t failed, std::uint64_t in_doubt,
                                   const std::vector<ports::Doubt>& doubts) {
  std::vector<text::Message> ways;
  if (failed > 0) ways.push_back({Word::same_content_failed, {in_outbox(job, OutputKind::failures)}});
  if (in_doubt > 0) ways.push_back(way_out_of_doubt(job, doubts));
  if (ways.empty()) ways.push_back({Word::same_content_placed, {}});
  return ways;
}

std::optional<std::string> why_not_after(const ports::JobHeader& job, const std::vector<ports::Doubt>& doubts) {
  using enum records::Outcome;
  const auto count = [&](records::Outcome o) { return job.counts[o]; };
  const auto placed = count(accepted) + count(accepted_earlier);
  const auto doubtful = count(in_doubt);
  // Nothing of it was placed, or may have been: dropping it in again is the right thing to do.
  if (placed + doubtful == 0) return std::nullopt;
  const auto ways = ways_on(job, job.rows - placed - doubtful - count(duplicate), doubtful, doubts);
  const auto in = [&](Lang lang) {
    return say(lang, {Word::same_content,
                      {to_string(job.id), text::shown(job.name, 80), std::to_string(placed), std::to_string(doubtful),
                       say_all(lang, ways)}});
  };
  return text::both(in(Lang::en), in(Lang::zh));
}

/// At work, and not one that will find this one: it comes before, or has looked already, and passed this one over.
bool goes_before(const ports::JobHeader& job, std::optional<JobId> own) {
  if (job.state == JobState::surveying) return !own || job.id < *own;
  return (job.state == JobState::sending || job.state == JobState::staged) && job.id != own;
}

}  // namespace

std::optional<std::string> why_not_again(const std::vector<ports::JobHeader>& with_content,
                                         const std::vector<ports::Doubt>& doubts, std::optional<JobId> own) {
  for (const auto& job : with_content) {
    // Of two that look at each other exactly one goes.
    if (goes_before(job, own)) {
      return text::both({Word::same_content_running, {to_string(job.id), text::shown(job.name, 80)}});
    }
    // What was rejected or came to nothing has placed no order.
    if (job.state != JobState::done) continue;
    if (auto why = why_not_after(job, doubts)) return why;
  }
  return std::nullopt;
}

ports::Task<Result<std::optional<std::string>>> why_not_again(ports::Ledger& ledger, std::string content_hash,
                                                              WallTime since, WallTime now, std::optional<JobId> own) {
  const auto with_content = co_await ledger.jobs_with_content(std::move(content_hash), since);
  if (!with_content) co_return std::unexpected(with_content.error());
  const auto doubts = co_await ledger.doubts(now);
  if (!doubts) co_return std::unexpected(doubts.error());
  co_return why_not_again(*with_content, *doubts, own);
}

}  // namespace sluice::pipeline
