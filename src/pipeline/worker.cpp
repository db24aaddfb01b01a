#include "worker.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "finish.hpp"
#include "ledger_sink.hpp"
#include "sluice/pipeline/came_before.hpp"
#include "sluice/pipeline/survey.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::pipeline {

namespace {

using ports::Hold;
using ports::JobState;
using ports::Task;
using text::Word;

constexpr auto kTryAgain = std::chrono::seconds(5);
constexpr auto kLookAgain = std::chrono::milliseconds(50);
constexpr int kRejectedExit = 2;

Planner::Size batch_size(const config::Settings& settings) {
  return {.orders = settings.batch.orders, .bytes = settings.batch.bytes};
}

}  // namespace

Task<Then> Worker::try_again(Job& job, const Error& error) {
  if (parts_.stop.asked() || parts_.journal.fatal()) co_return Then::look_again;
  if (job.waits != error.words) spdlog::warn("{}: {}; trying again", to_string(job.id()), error.words);
  job.waits = error.words;
  co_await job.changed->wait(parts_.clock.now() + kTryAgain);
  co_return parts_.stop.asked() ? Then::look_again : Then::go_on;
}

/// A job that came before, may have the same content, and has not published its hash yet.
const Job* Worker::earlier_unpublished(const Job& job) const {
  for (const auto& [id, other] : parts_.jobs) {
    const auto& header = other->header;
    if (id < job.id() && header.state == JobState::claiming && header.source.size == job.header.source.size)
      return other.get();
  }
  return nullptr;
}

/// Of two files with one content that come together only the first goes: each job publishes its content hash before it
/// looks for duplicates, and looks when those that came earlier have published theirs.
Task<Result<std::optional<std::string>>> Worker::same_content(Job& job) {
  const auto hash = co_await job.file->content_hash();
  if (!hash) co_return std::unexpected(hash.error());
  job.header.content_hash = *hash;
  if (parts_.settings.inbox.duplicate_file == config::DuplicateFile::process) co_return std::nullopt;
  auto published = job.header;
  published.state = JobState::surveying;
  if (!co_await parts_.journal.commit_surely({ports::PutJob{published}})) {
    co_return fail(ErrorKind::cancelled, "the ledger can't be written");
  }
  job.header.state = published.state;
  while (const auto* earlier = earlier_unpublished(job)) {
    job.waits = fmt::format("waits until {} has been read, which may be the same file", to_string(earlier->id()));
    if (parts_.stop.asked() || parts_.journal.fatal()) co_return fail(ErrorKind::cancelled, job.waits);
    co_await job.changed->wait(parts_.clock.now() + kLookAgain);
  }
  const auto now = parts_.clock.wall();
  const auto since = now - parts_.settings.inbox.duplicate_window;
  co_return co_await why_not_again(parts_.journal.ledger(), *hash, since, now, job.id());
}

Task<Result<std::optional<std::string>>> Worker::why_rejected(Job& job) {
  const auto most = parts_.settings.inbox.max_bytes;
  if (job.header.source.size > most) {
    co_return text::say_in_both({Word::file_too_large, {std::to_string(job.header.source.size), std::to_string(most)}});
  }
  co_return co_await same_content(job);
}

Task<void> Worker::survey_and_plan(Job& job) {
  job.waits = "being read";
  while (true) {
    auto reason = co_await why_rejected(job);
    if (!reason) {
      if (co_await try_again(job, reason.error()) != Then::go_on) co_return;
      continue;
    }
    if (!*reason) break;
    co_await reject(job, **std::move(reason));
    co_return;
  }
  while (true) {
    job.header.started_at = parts_.clock.wall();
    LedgerSink sink(job, parts_.journal, batch_size(parts_.settings), parts_.next_batch, parts_.marks, parts_.stop);
    auto doubts = co_await parts_.journal.ledger().doubts(parts_.clock.wall());
    if (!doubts) {
      if (co_await try_again(job, doubts.error()) != Then::go_on) co_return;
      continue;
    }
    auto verdict = co_await survey(*job.file, *job.header.started_at, std::move(*doubts), sink, parts_.clock);
    if (!verdict) {
      if (co_await try_again(job, verdict.error()) != Then::go_on) co_return;
      continue;
    }
    if (auto* rejected = std::get_if<Rejected>(&*verdict)) {
      co_await reject(job, rejected->reason + "\n" + text::say_in_both({Word::reason_ending, {}}));
      co_return;
    }
    auto& surveyed = std::get<Surveyed>(*verdict);
    auto& header = job.header;
    header.state = JobState::sending;
    take_survey(surveyed, header);
    header.secret = parts_.marks.name();
    if (job.deciding) job.deciding->secret = header.secret;
    const auto cap = parts_.settings.guard.max_orders_per_file;
    if (cap > 0 && sink.valid_rows() > cap && job.decided().ruling == ports::Ruling::none) {
      job.put_on_hold(Hold::file_cap, fmt::format("{} orders to send, guard.max_orders_per_file is {}: `sluice release "
                                                  "{}` sends them, `sluice cancel {}` does "
                                                  "not",
                                                  sink.valid_rows(), cap, to_string(header.id), to_string(header.id)));
    }
    if (job.held()) spdlog::warn("{} is held: {}", to_string(header.id), header.hold_words);
    job.waits.clear();
    if (!co_await commit_plan(job, sink.rest())) co_return;
    header.counts = sink.counts();
    job.take_reading(parts_.marks);
    spdlog::info("{}: {} rows, {} to send ({})", to_string(header.id), header.rows, sink.valid_rows(),
                 orders::service(header.service).name);
    for (const auto& warning : surveyed.warnings) {
      spdlog::warn("{}: {} (`sluice cancel {}` stops it)", to_string(header.id), text::say(text::Lang::en, warning),
                   to_string(header.id));
    }
    co_return;
  }
}

/// An operator may hold or cancel the job while the ledger can't be written.
Task<bool> Worker::commit_plan(const Job& job, std::vector<ports::Change> plan) {
  co_return co_await parts_.journal.commit_surely([&job, plan = std::move(plan)] {
    auto changes = plan;
    changes.emplace_back(ports::PutJob{job.header});
    changes.emplace_back(ports::PutHold{job.decided()});
    return changes;
  });
}

Task<void> Worker::reject(Job& job, std::string reason) {
  auto& header = job.header;
  header.state = JobState::rejecting;
  header.reason = std::move(reason);
  header.finished_at = parts_.clock.wall();
  header.exit = kRejectedExit;
  if (!co_await parts_.journal.commit_surely({ports::ForgetSurvey{header.id}, ports::PutJob{header}})) co_return;
  const auto words = fmt::format("{}\n{}\n", text::shown(header.name, 255), header.reason);
  co_await parts_.spool.progress(header.id, header.name, "");
  while (true) {
    auto done = co_await parts_.spool.reject(header.id, header.name, words);
    if (done) break;
    if (co_await try_again(job, done.error()) != Then::go_on) co_return;
  }
  header.state = JobState::rejected;
  if (!co_await parts_.journal.commit_surely({ports::PutJob{header}})) co_return;
  spdlog::warn("{}: {} is rejected: {}", to_string(header.id), text::shown(header.name, 80), header.reason);
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
  job.put_on_hold(
      Hold::address_changed,
      fmt::format("it began with {}, and upstream.base_url is now {}: set it back, or `sluice release {}` to go "
                  "on with the new one",
                  header.base_url, address, to_string(header.id)));
  spdlog::warn("{} is held: {}", to_string(header.id), header.hold_words);
  return true;
}

Task<Then> Worker::send(Job& job) {
  if (hold_if_address_changed(job)) {
    co_await parts_.journal.commit_hold(job);
    co_return Then::look_again;
  }
  job.waits.clear();
  parts_.sender.wake();
  while (!parts_.stop.asked() && !parts_.journal.fatal() && !job.held() && job.grip == FileGrip::sure) {
    if (job.cancelled() && job.in_flight == 0) {
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
    const auto staged = co_await stage(job, parts_.spool, parts_.journal.ledger(), parts_.clock);
    if (staged) break;
    if (is_lost(staged.error())) {
      co_await job.hold(parts_.journal, Hold::file_changed, staged.error().words);
      co_return Then::look_again;
    }
    if (co_await try_again(job, staged.error()) != Then::go_on) co_return Then::look_again;
  }
  header.state = JobState::staged;
  const bool durable = co_await parts_.journal.commit_surely({ports::PutJob{header}});
  co_return durable ? Then::go_on : Then::look_again;
}

Task<Then> Worker::finish(Job& job) {
  auto& header = job.header;
  if (header.state == JobState::sending && co_await stage_durably(job) != Then::go_on) co_return Then::look_again;
  co_await parts_.spool.progress(header.id, header.name, "");
  while (true) {
    const auto published = co_await publish(job, parts_.spool);
    if (published) break;
    if (published.error().kind == ErrorKind::exists) {
      co_await job.hold(parts_.journal, Hold::unpublishable,
                        fmt::format("{}; move that file away, then `sluice release {}`", published.error().words,
                                    to_string(header.id)));
      co_return Then::look_again;
    }
    if (co_await try_again(job, published.error()) != Then::go_on) co_return Then::look_again;
  }
  header.state = JobState::done;
  if (!co_await parts_.journal.commit_surely({ports::PutJob{header}, ports::ForgetRows{header.id}}))
    co_return Then::look_again;
  const auto in_doubt = header.counts[records::Outcome::in_doubt];
  if (in_doubt > 0) {
    spdlog::warn(
        "{}: {} orders are in doubt: look up each row of outbox/{}, then `sluice resolve {} --applied` or "
        "`--not-applied`, or of the job that a row's message names",
        to_string(header.id), in_doubt,
        text::shown(output_name(header.name, header.id, ports::OutputKind::in_doubt), 255), to_string(header.id));
  }
  spdlog::info("{}: {} is done: {} of {} rows accepted, {} requests", to_string(header.id),
               text::shown(header.name, 80),
               header.counts[records::Outcome::accepted] + header.counts[records::Outcome::accepted_earlier],
               header.rows, header.requests);
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
