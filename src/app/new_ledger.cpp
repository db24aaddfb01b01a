#include "new_ledger.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "finish_task.hpp"
#include "in_doubt_files.hpp"
#include "language.hpp"
#include "sluice/pipeline/operator_command.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/operating.hpp"
#include "sluice/text/words/recovery.hpp"
#include "used_numbers.hpp"

namespace sluice::app {

namespace {

namespace words = text::words;

using ports::JobHeader;
using ports::JobState;

constexpr int kSomeNotAccepted = 1;

std::string note(const Found& found, ports::JobNote what, JobId job) {
  return found.salvage ? found.salvage->note({what, job}) : "";
}

/// What a person said of all its orders in doubt alike needs no file to be known again.
bool is_all_resolved_alike(const Found& found, JobId job) {
  using ports::JobNote;
  return pipeline::looked_up_part(note(found, JobNote::looked_up, job), note(found, JobNote::resolved, job)) ==
         pipeline::LookedUpPart::all_alike;
}

/// Adds what is not known yet. A file's rows are its own, not the job's: each gets a number of the job that is free.
void add_unknown(std::vector<ports::Doubt>& known, const InDoubtFile& file) {
  std::set<std::string> orders;
  std::set<std::uint64_t> rows;
  for (const auto& doubt : known) {
    if (doubt.job != file.job) continue;
    orders.insert(doubt.order);
    rows.insert(doubt.row);
  }
  for (auto doubt : file.doubts) {
    if (!orders.insert(doubt.order).second) continue;
    while (!rows.insert(doubt.row).second) ++doubt.row;
    known.push_back(std::move(doubt));
  }
}

/// A job known only from its in-doubt file: enough of it for `status`, `show` and `resolve`.
JobHeader header_of(const InDoubtFile& file) {
  JobHeader header;
  header.id = file.job;
  header.name = file.dropped;
  header.state = JobState::done;
  header.rows = file.doubts.size();
  header.counts[records::Outcome::in_doubt] = header.rows;
  header.exit = kSomeNotAccepted;
  header.claimed_at = header.started_at = begin_of_day(file.job);
  header.finished_at = file.written;
  return header;
}

void report(const InDoubtFile& file, text::Lang language) {
  const auto path = "outbox/" + text::shown(file.name, 255);
  if (!file.trouble.empty()) return tell(stdout, language, words::in_doubt_unread(path, file.trouble));
  tell(stdout, language, words::in_doubt_again(file.job, file.doubts.size(), path));
  if (file.unread > 0) tell(stdout, language, words::rows_no_orders(path, file.unread));
}

/// The jobs that ended, by number, and their orders in doubt.
struct Ended {
  std::map<JobId, JobHeader> jobs;
  std::vector<ports::Doubt> doubts;
};

Ended ended_of(const Found& found, const std::vector<InDoubtFile>& files, text::Lang language) {
  Ended ended;
  if (found.salvage) ended.doubts = found.salvage->doubts();
  for (const auto& [id, header] : found.headers) {
    if (header.state == JobState::done) ended.jobs.emplace(id, header);
  }
  for (const auto& file : files) {
    if (is_all_resolved_alike(found, file.job)) continue;
    report(file, language);
    if (file.doubts.empty()) continue;
    add_unknown(ended.doubts, file);
    ended.jobs.try_emplace(file.job, header_of(file));
  }
  return ended;
}

std::vector<ports::Change> first_changes(const Found& found, Ended ended, ports::Ledger::Numbers used, WallTime now) {
  std::vector<ports::Change> changes{ports::PutNote{ports::Note::recovering, "yes"}};
  for (const auto& [id, header] : ended.jobs) {
    changes.emplace_back(ports::PutJob{header});
    for (const auto what : {ports::JobNote::resolved, ports::JobNote::looked_up}) {
      if (auto said = note(found, what, id); !said.empty()) {
        changes.emplace_back(ports::PutNote{{what, id}, std::move(said)});
      }
    }
  }
  changes.emplace_back(ports::PutDoubts{std::move(ended.doubts)});
  if (found.salvage) {
    const auto known = found.salvage->numbers();
    used.job = std::max(used.job, known.job);
    used.batch = std::max(used.batch, known.batch);
    changes.emplace_back(ports::PutNote{ports::Note::paused, found.salvage->note(ports::Note::paused)});
    const auto today = day_number(api_day(now));
    changes.emplace_back(ports::CountFirstSends{today, static_cast<std::int64_t>(found.salvage->first_sends(today))});
  }
  std::ranges::move(go_on_above(used, now), std::back_inserter(changes));
  return changes;
}

/// After the numbers, so that a `recover` that is cut off here makes no order known twice. It may make some known no
/// more: this history decides about no order.
Result<void> take_over_history(Machine& machine, const Found& found) {
  while (found.salvage) {
    auto some = found.salvage->next_remembered();
    if (some.empty()) break;
    std::vector<ports::Change> changes;
    std::ranges::move(some, std::back_inserter(changes));
    if (auto done = finish(machine.io, machine.ledger->commit(std::move(changes))); !done) return done;
  }
  return {};
}

}  // namespace

// Also when an earlier `recover` was cut off after it had made the ledger.
Result<void> begin_new_ledger(Machine& machine, const Found& found, text::Lang language, WallTime now) {
  auto used = finish(machine.io, machine.ledger->numbers());
  if (!used) return std::unexpected(used.error());
  if (used->job > 0) return {};
  used->job = used_job_numbers(machine.settings.spool);
  if (!found.salvage && !has_had_jobs(machine.settings.spool)) return {};
  const auto files = finish(machine.io, in_doubt_files(machine.settings.spool, *machine.clock));
  if (!files) return std::unexpected(files.error());
  auto ended = ended_of(found, *files, language);
  const auto claimed = finish(machine.io, machine.spool->claimed());
  if (!claimed) return std::unexpected(claimed.error());
  for (const auto job : *claimed) ended.jobs.erase(job);  // it is rebuilt from its file
  auto begun = finish(machine.io, machine.ledger->commit(first_changes(found, std::move(ended), *used, now)));
  return begun ? take_over_history(machine, found) : begun;
}

}  // namespace sluice::app
