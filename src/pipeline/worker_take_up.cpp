// A job that goes on: its claimed file at hand and known to be the one that was surveyed, what was started of it known
// to the sender.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <utility>

#include "sluice/text/about.hpp"
#include "sluice/text/words/jobs.hpp"
#include "worker.hpp"

namespace sluice::pipeline {

using ports::Hold;
using ports::JobState;
using ports::Task;
using text::Word;

/// Waits a moment; until it works, what the job has started may stop all others.
Task<Then> Worker::not_now(Job& job, Error error) {
  if (job.blocks_all_sending()) error.words = text::words::tried_again_after(error.words);
  co_await try_again(job, error);
  co_return Then::look_again;
}

/// What it has started can't be taken up: its keys stay busy, and it is held.
Task<Then> Worker::hold_as_lost(Job& job, std::string words, Hold why) {
  // Before it is held: a held job waits for a person, perhaps for days, while its orders may be under way.
  const auto guarded = co_await parts_.sender.guard(job);
  if (!guarded) co_return co_await not_now(job, guarded.error());
  co_await job.hold(parts_.journal, why, std::move(words));
  co_return Then::look_again;
}

Task<Then> Worker::open_file(Job& job) {
  auto file = co_await parts_.spool.read(job.id());
  if (file) {
    job.file = std::move(*file);
    co_return Then::go_on;
  }
  // A share that is gone for a moment comes back; only a file that is surely gone holds the job.
  if (file.error().kind != ErrorKind::missing) co_return co_await not_now(job, file.error());
  co_return co_await hold_as_lost(job, text::words::claimed_file_gone(file.error().words));
}

Task<Then> Worker::check_file(Job& job) {
  const auto& header = job.header;
  if (!job.unreadable.empty()) {
    co_return co_await hold_as_lost(job, text::words::reads_otherwise(job.unreadable, header.id));
  }
  if (!header.secret.empty() && header.secret != parts_.marks.name() && header.ruling != ports::Ruling::cancelled) {
    co_return co_await hold_as_lost(job, text::both({Word::hold_secret_lost, {to_string(header.id)}}),
                                    Hold::secret_lost);
  }
  const bool asked = job.grip == FileGrip::doubtful || job.grip == FileGrip::lost;
  // The rows' own check will hold it if it changed; hashing a gigabyte at every start is only for jobs that a person
  // has decided on.
  if (!asked && header.ruling == ports::Ruling::none) co_return Then::go_on;
  const auto now = co_await job.file->identity();
  const bool unmarked = job.marks == nullptr && job.grip != FileGrip::sure;  // nothing else tells what it was
  if (!now || *now != header.file || unmarked) co_return co_await compare_content(job);
  if (job.grip == FileGrip::doubtful) job.grip = FileGrip::sure;
  co_return Then::go_on;
}

Task<Then> Worker::compare_content(Job& job) {
  if (job.grip == FileGrip::sure) job.grip = FileGrip::doubtful;  // nothing more of it is read meanwhile
  // What is in flight was read from it; its settlement may still need the rows.
  while (job.in_flight > 0) {
    if (parts_.stop.asked()) co_return Then::look_again;
    co_await job.changed->wait(parts_.clock.now() + std::chrono::minutes(1));
  }
  if (co_await open_file(job) != Then::go_on) co_return Then::look_again;
  const auto before = co_await job.file->identity();
  const auto hash = co_await job.file->content_hash();
  const auto after = co_await job.file->identity();
  // The same before and after the hash, or somebody writes it right now and the hash is of no one file.
  for (const auto* look : {&before, &after}) {
    if (!*look) co_return co_await not_now(job, look->error());
  }
  if (!hash) co_return co_await not_now(job, hash.error());
  auto& header = job.header;
  if (*hash != header.content_hash || *before != *after) {
    co_return co_await hold_as_lost(job, text::words::claimed_file_other());
  }
  // A copy is committed, and memory follows: a crash must not find an identity in use that the ledger does not know.
  auto same = header;
  same.file = *after;
  if (!co_await parts_.journal.commit_surely({ports::PutJob{same}})) co_return Then::look_again;
  header.file = *after;
  if (job.grip == FileGrip::doubtful) job.grip = FileGrip::sure;
  spdlog::info("{}", text::about(header.id, text::words::job_touched(header.id)));
  parts_.sender.wake();
  co_return Then::go_on;
}

/// The claimed file at hand, and what was started of it known to the sender.
Task<Then> Worker::take_up(Job& job) {
  auto& state = job.header.state;
  if (!job.file && state < JobState::staged && co_await open_file(job) != Then::go_on) co_return Then::look_again;
  if (state < JobState::sending) {
    co_await survey_and_plan(job);
    co_return Then::look_again;
  }
  if (state != JobState::sending) co_return Then::go_on;
  if (co_await check_file(job) != Then::go_on) co_return Then::look_again;
  if (job.grip == FileGrip::sure) co_return Then::go_on;
  const auto adopted = co_await parts_.sender.adopt(job);
  if (!adopted) co_return co_await not_now(job, adopted.error());
  co_return job.grip == FileGrip::sure ? Then::go_on : Then::look_again;
}

}  // namespace sluice::pipeline
