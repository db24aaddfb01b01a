#include "worker.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "finish.hpp"
#include "sluice/text/about.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/jobs.hpp"

namespace sluice::pipeline {

namespace {

namespace words = text::words;

using ports::Hold;
using ports::JobState;
using ports::Task;
using text::Word;

constexpr auto kTryAgain = std::chrono::seconds(5);

}  // namespace

Task<Then> Worker::try_again(Job& job, const Error& error) {
  // A stop must not wait for a disk that may never come back.
  if (parts_.stop.asked() || parts_.journal.fatal()) co_return Then::look_again;
  if (job.waits != error.words) spdlog::warn("{}", text::about(job.id(), words::tried_again(job.id(), error.words)));
  job.waits = error.words;
  co_await job.changed->wait(parts_.clock.now() + kTryAgain);
  co_return parts_.stop.asked() ? Then::look_again : Then::go_on;
}

/// Held for its address, which is the one it began with again.
bool Worker::is_back_at_its_address(Job& job) {
  auto& header = job.header;
  if (job.deciding || header.hold != Hold::address_changed) return false;
  if (header.base_url != parts_.settings.upstream.base_url) return false;
  job.put_on_hold(Hold::none, "");
  return true;
}

bool Worker::hold_if_address_changed(Job& job) {
  auto& header = job.header;
  const auto& address = parts_.settings.upstream.base_url;
  if (header.base_url.empty() || header.base_url == address || job.held() || job.cancelled()) return false;
  job.put_on_hold(Hold::address_changed, words::address_changed(header.base_url, address, header.id));
  spdlog::warn("{}", text::about(header.id, words::job_is_held(header.id, header.hold_words)));
  return true;
}

Task<Then> Worker::send(Job& job) {
  // Orders half placed at one address must not go on at another unless somebody says so.
  if (hold_if_address_changed(job)) {
    co_await parts_.journal.commit_hold(job);
    co_return Then::look_again;
  }
  job.waits.clear();
  parts_.sender.wake();
  while (!parts_.stop.asked() && !parts_.journal.fatal() && !job.held() && job.grip == FileGrip::sure) {
    if (job.cancelled() && job.in_flight == 0) {
      // Only with nothing in flight: what is on its way may still be accepted, and is not to be called not sent.
      if (co_await parts_.sender.settle_cancelled(job)) co_return Then::go_on;
      if (!job.held()) co_await job.changed->wait(parts_.clock.now() + kTryAgain);
      co_return Then::look_again;
    } else if (job.unsettled() == 0 && job.in_flight == 0) {
      co_return Then::go_on;
    }
    co_await job.changed->wait(parts_.clock.now() + std::chrono::minutes(1));
  }
  co_return Then::look_again;
}

Task<Then> Worker::stage_durably(Job& job) {
  auto& header = job.header;
  header.finished_at = parts_.clock.wall();
  header.exit = exit_code(header.counts);
  while (true) {
    // Repeated whole after an error: staging is a pure function of the file and the ledger, and its temporaries are
    // replaced (I7).
    const auto staged = co_await stage(job, parts_.spool, parts_.journal.ledger(), parts_.clock);
    if (staged) break;
    if (is_lost(staged.error())) {
      co_await job.hold(parts_.journal, Hold::file_changed, staged.error().words);
      co_return Then::look_again;
    }
    if (co_await try_again(job, staged.error()) != Then::go_on) co_return Then::look_again;
  }
  // From here on nothing is regenerated: the outputs under their temporary names are the ones that will be published
  // (I6).
  header.state = JobState::staged;
  const bool durable = co_await parts_.journal.commit_surely({ports::PutJob{header}});
  co_return durable ? Then::go_on : Then::look_again;
}

Task<Then> Worker::finish(Job& job) {
  auto& header = job.header;
  if (header.state == JobState::sending && co_await stage_durably(job) != Then::go_on) co_return Then::look_again;
  if (job.shows_progress) co_await parts_.spool.progress(header.id, header.name, "");
  while (true) {
    const auto published = co_await publish(job, parts_.spool);
    if (published) break;
    // Somebody's file has the name. Nothing is ever overwritten, so a person has to move it.
    if (published.error().kind == ErrorKind::exists) {
      co_await job.hold(parts_.journal, Hold::unpublishable, words::name_is_taken(published.error().words, header.id));
      co_return Then::look_again;
    }
    if (co_await try_again(job, published.error()) != Then::go_on) co_return Then::look_again;
  }
  // With the answers forgotten in the same commit: they stand in the outbox now, and the ledger stays small.
  header.state = JobState::done;
  if (!co_await parts_.journal.commit_surely({ports::PutJob{header}, ports::ForgetRows{header.id}}))
    co_return Then::look_again;
  const auto in_doubt = header.counts[records::Outcome::in_doubt];
  if (in_doubt > 0) {
    const auto file = text::shown(output_name(header.name, header.id, ports::OutputKind::in_doubt), 255);
    spdlog::warn("{}", text::about(header.id, words::orders_in_doubt(header.id, in_doubt, file)));
  }
  if (header.other_starts > 0) {
    spdlog::warn("{}", text::about(header.id, words::other_starts(header.id, header.other_starts)));
  }
  const auto accepted = header.counts[records::Outcome::accepted] + header.counts[records::Outcome::accepted_earlier];
  spdlog::info("{}", text::about(header.id, words::job_is_done(header.id, text::shown(header.name, 80), accepted,
                                                               header.rows, header.requests)));
  co_return Then::go_on;
}

Task<void> Worker::work(Job& job) {
  const auto& header = job.header;
  bool done = false;
  while (!done && !parts_.stop.asked() && !parts_.journal.fatal()) {
    if (header.state == JobState::rejecting) {
      co_await reject(job, header.reason);
    } else if (header.state == JobState::rejected) {
      done = true;
    } else if (job.held() && !job.blocks_all_sending() && !is_back_at_its_address(job)) {
      co_await job.changed->wait(parts_.clock.now() + std::chrono::minutes(1));
    } else if (co_await take_up(job) == Then::go_on &&
               (header.state == JobState::staged || co_await send(job) == Then::go_on)) {
      done = co_await finish(job) == Then::go_on;
    }
  }
  if (done) parts_.ended(job.id(), header.exit);
}

}  // namespace sluice::pipeline
