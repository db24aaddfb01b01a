// A job from its claim to its plan: read, checked, divided into batches; or rejected whole.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "doubts.hpp"
#include "duplicate_index.hpp"
#include "intake.hpp"
#include "ledger_sink.hpp"
#include "sluice/pipeline/came_before.hpp"
#include "sluice/pipeline/placed_before.hpp"
#include "sluice/pipeline/still_picture.hpp"
#include "sluice/pipeline/survey.hpp"
#include "sluice/text/about.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/jobs.hpp"
#include "worker.hpp"

namespace sluice::pipeline {

namespace {

namespace words = text::words;

using ports::Hold;
using ports::JobState;
using ports::Task;
using text::Word;

constexpr auto kLookAgain = std::chrono::milliseconds(50);
constexpr auto kLookElsewhere = std::chrono::milliseconds(500);
constexpr auto kOthersPatience = std::chrono::minutes(1);
constexpr int kRejectedExit = 2;

Planner::Size batch_size(const config::Settings& settings) {
  return {.orders = settings.batch.orders, .bytes = settings.batch.bytes};
}

/// Held or cancelled: there is no use in reading on.
bool is_called_off(const Job& job) {
  return job.held() || job.header.ruling == ports::Ruling::cancelled;
}

/// Of another host's job: it came before, may have the same content and has not told; or it came behind, has told, and
/// may have looked before this one told. What became of it is seen in the ledger then.
bool may_go_first(const ports::JobHeader& other, const ports::JobHeader& own) {
  const bool called_off = other.hold != Hold::none || other.ruling == ports::Ruling::cancelled;
  if (other.state > JobState::surveying || other.source.size != own.source.size) return false;
  if (other.id < own.id) return other.content_hash.empty();
  return !called_off && other.content_hash == own.content_hash;
}

/// Of a file that is refused whole nobody can tell in which language its sender reads.
std::string reason_file(const ports::JobHeader& header) {
  return fmt::format("{}\n{}\n{}\n", text::shown(header.name, 255), text::in(text::Lang::en, header.reason),
                     text::in(text::Lang::zh, header.reason));
}

}  // namespace

/// A job that came before, may have the same content, and has not published its hash yet. One that is called off may
/// not do so for days: whoever comes later passes it over.
const Job* Worker::earlier_unpublished(const Job& job) const {
  for (const auto& [id, other] : parts_.jobs) {
    const auto& header = other->header;
    if (id < job.id() && header.state == JobState::claiming && header.source.size == job.header.source.size &&
        !is_called_off(*other))
      return other.get();
  }
  return nullptr;
}

/// A job that has passed this one over, may have the same content, and is still being read.
const Job* Worker::passed_over_by(const Job& job) const {
  for (const auto& [id, other] : parts_.jobs) {
    if (id > job.id() && other->looked && other->header.source.size == job.header.source.size) return other.get();
  }
  return nullptr;
}

Task<Result<void>> Worker::wait_while_read(Job& job, const Job* (Worker::*which)(const Job&) const) {
  while (const auto* other = (this->*which)(job)) {
    job.waits = words::waits_for_equal(other->id());
    if (parts_.stop.asked() || parts_.journal.fatal() || is_called_off(job))
      co_return fail(ErrorKind::cancelled, job.waits);
    co_await job.changed->wait(parts_.clock.now() + kLookAgain);
  }
  co_return Result<void>{};
}

Task<Result<void>> Worker::wait_for_other_hosts(Job& job) {
  if (parts_.hosts.lease_until() == Boottime::max()) co_return Result<void>{};
  // A host that is gone never tells: its file is read again, and looks again, by whoever takes it over.
  const auto patience = parts_.clock.now() + kOthersPatience;
  while (parts_.clock.now() < patience) {
    const auto elsewhere = co_await parts_.hosts.jobs_elsewhere();
    if (!elsewhere) co_return std::unexpected(elsewhere.error());
    const auto first =
        std::ranges::find_if(*elsewhere, [&job](const auto& other) { return may_go_first(other.job, job.header); });
    if (first == elsewhere->end()) break;
    job.waits = words::waits_for_equal(first->job.id);
    if (parts_.stop.asked() || parts_.journal.fatal() || is_called_off(job))
      co_return fail(ErrorKind::cancelled, job.waits);
    co_await job.changed->wait(parts_.clock.now() + kLookElsewhere);
  }
  co_return Result<void>{};
}

/// The jobs with its content, newest first. Those at work as they are: what they know of themselves the ledger has with
/// their plan, and after a crash they are read again and look again.
Task<Result<std::vector<ports::JobHeader>>> Worker::with_content_of(const Job& job, WallTime since) {
  const auto& hash = job.header.content_hash;
  auto all = co_await parts_.journal.ledger().jobs_with_content(hash, since);
  if (!all) co_return all;
  std::erase_if(*all, [this](const auto& stored) { return parts_.jobs.contains(stored.id); });
  for (const auto& [id, other] : parts_.jobs) {
    if (other->header.content_hash == hash) all->push_back(other->header);
  }
  std::ranges::sort(*all, std::ranges::greater{}, [](const auto& one) { return std::pair(one.claimed_at, one.id); });
  co_return all;
}

/// Of two files with one content that come together only the first goes: each job tells its content hash before it
/// looks for duplicates, and looks when those that came earlier have told theirs. One that was passed over because it
/// was called off comes after those that did so.
Task<Result<std::optional<std::string>>> Worker::same_content(Job& job) {
  const auto hash = co_await job.file->content_hash([this, &job] { return parts_.stop.asked() || is_called_off(job); });
  if (!hash) co_return std::unexpected(hash.error());
  // Of the whole file, and kept: before results are published it is taken again, and must be the same.
  job.header.content_hash = *hash;
  if (parts_.settings.inbox.duplicate_file == config::DuplicateFile::process) co_return std::nullopt;
  // Until then it is not told: what has passed it over must not find it either, or neither would go.
  if (auto done = co_await wait_while_read(job, &Worker::passed_over_by); !done)
    co_return std::unexpected(done.error());
  // Tell, then look: of two jobs that come together each would otherwise look before the other had told, and both would
  // go. Told in memory, where all who look are, and the ledger has it with the plan, before anything is sent; but where
  // other hosts share the ledger, they look there.
  auto told = job.header;
  told.state = JobState::surveying;
  const bool shared = !parts_.settings.ledger.postgresql.empty() || parts_.hosts.lease_until() != Boottime::max();
  if (shared && !co_await parts_.journal.commit_surely({ports::PutJob{told}}))
    co_return fail(ErrorKind::cancelled, words::ledger_unwritable());
  job.header.state = told.state;
  for (const auto& [id, other] : parts_.jobs) {
    const bool may_wait = id > job.id() && other->header.source.size == job.header.source.size;
    if (may_wait && other->header.state == JobState::surveying) other->changed->wake();
  }
  if (auto done = co_await wait_for_other_hosts(job); !done) co_return std::unexpected(done.error());
  // Last, for nothing may come between it and the next line: whoever comes then waits for what comes of this one.
  if (auto done = co_await wait_while_read(job, &Worker::earlier_unpublished); !done)
    co_return std::unexpected(done.error());
  // Before the ledger is asked: from here on, who was passed over waits for what comes of this one.
  job.looked = true;
  const auto now = parts_.clock.wall();
  const auto with_content = co_await with_content_of(job, now - parts_.settings.inbox.duplicate_window);
  if (!with_content) co_return std::unexpected(with_content.error());
  co_return why_not_again(*with_content, parts_.doubts.all(now), job.id());
}

Task<Result<std::optional<std::string>>> Worker::why_rejected(Job& job) {
  const auto most = parts_.settings.inbox.max_bytes;
  if (job.header.source.size > most) {
    co_return text::both({Word::file_too_large, {text::size_words(job.header.source.size), text::size_words(most)}});
  }
  co_return co_await same_content(job);
}

/// Its file alone has shown nothing wrong. Kind `cancelled`: called off.
Task<Result<void>> Worker::read_and_plan(Job& job) {
  if (auto reason = co_await why_rejected(job); !reason || *reason) {
    if (reason) co_await reject(job, **std::move(reason));
    co_return reason ? Result<void>{} : std::unexpected(reason.error());
  }
  job.header.started_at = parts_.clock.wall();
  LedgerSink sink(job, parts_.journal, batch_size(parts_.settings), parts_.next_batch, parts_.marks, parts_.stop);
  const SurveyLimits limits{.max_rows = parts_.settings.guard.max_rows, .refuses_hopeless = true};
  auto verdict = co_await survey(*job.file, *job.header.started_at, parts_.doubts.all(*job.header.started_at), sink,
                                 parts_.clock, limits);
  if (!verdict) co_return std::unexpected(verdict.error());
  if (auto* rejected = std::get_if<Rejected>(&*verdict)) {
    co_await reject(job, rejected->reason + " " + text::both({Word::reason_ending, {}}));
    co_return Result<void>{};
  }
  auto& surveyed = std::get<Surveyed>(*verdict);
  if (auto room = co_await wait_for_room(job, surveyed.output_bytes); !room) co_return room;
  auto rest = sink.rest();
  if (auto looked = co_await look_back(job, *surveyed.orders); !looked) co_return looked;
  job.header.state = JobState::sending;
  take_survey(surveyed, job.header);
  co_await plan(job, sink, std::move(rest), surveyed.warnings);
  co_return Result<void>{};
}

/// Before anything is sent, for what its outputs will take; more than its size, where many rows are invalid.
Task<Result<void>> Worker::wait_for_room(Job& job, std::uint64_t output_bytes) {
  const auto need = output_bytes + kSpareRoom;
  while (true) {
    const auto free = co_await parts_.spool.free_bytes();
    if (free && *free >= need) break;
    Error why{ErrorKind::no_space, free ? words::room_needed(text::size_words(need), text::size_words(*free))
                                        : words::room_unknown(free.error().words)};
    if (co_await try_again(job, why) != Then::go_on || is_called_off(job))
      co_return fail(ErrorKind::cancelled, why.words);
  }
  co_return Result<void>{};
}

/// Before money is spent: which of its orders were accepted before.
Task<Result<void>> Worker::look_back(Job& job, const DuplicateIndex& orders) {
  auto& header = job.header;
  const auto& settings = parts_.settings;
  header.placed_before = 0;
  if (settings.guard.placed_before == config::PlacedBefore::send) co_return Result<void>{};
  const auto since = parts_.clock.wall() - settings.keep.orders;
  auto placed = co_await look_backs_.look(
      {.most = orders.rows(), .number_of = [&orders](std::uint64_t mark) { return orders.to_be_sent(mark); }}, since,
      header.id);
  if (!placed) co_return std::unexpected(placed.error());
  header.placed_before = placed->orders;
  header.placed_by = placed->last;
  header.placed_by_name = std::move(placed->last_name);
  co_return Result<void>{};
}

void Worker::hold_if_guarded(Job& job, std::uint64_t orders) const {
  const auto id = to_string(job.id());
  const auto& guard = parts_.settings.guard;
  if (job.header.ruling != ports::Ruling::none) return;
  if (guard.max_orders_per_file > 0 && orders > guard.max_orders_per_file) {
    job.put_on_hold(Hold::file_cap, words::too_many_orders(orders, guard.max_orders_per_file, id));
  } else if (guard.placed_before == config::PlacedBefore::hold && job.header.placed_before > 0) {
    job.put_on_hold(Hold::placed_before, text::both({Word::hold_placed_before, {placed_before_words(job.header), id}}));
  }
  // A release or a cancel under way lifts it once that is durable; if it can't be stored, the job stays held.
  if (job.deciding && job.deciding->ruling != ports::Ruling::none) {
    job.deciding->hold = Hold::none;
    job.deciding->hold_words.clear();
  }
}

Task<void> Worker::plan(Job& job, LedgerSink& sink, std::vector<ports::Change> rest,
                        std::vector<text::Message> warnings) {
  auto& header = job.header;
  header.secret = parts_.marks.name();
  if (job.deciding) job.deciding->secret = header.secret;
  hold_if_guarded(job, sink.valid_rows());
  if (job.held()) spdlog::warn("{}", text::about(header.id, words::job_is_held(header.id, header.hold_words)));
  job.waits.clear();
  // Nothing of it was started, so that it keeps nobody else from sending while its plan is being stored.
  job.grip = FileGrip::sure;
  auto planned = sink.all_planned(rest);
  if (!co_await commit_plan(job, std::move(rest))) co_return;
  header.counts = sink.counts();
  job.take_reading(parts_.marks);
  job.take_plan(std::move(planned));
  spdlog::info("{}", text::about(header.id, words::job_surveyed(header.id, header.rows, sink.valid_rows(),
                                                                orders::service(header.service).name)));
  if (header.placed_before > 0 && !job.held()) {
    warnings.push_back(placed_before_message(
        {.orders = header.placed_before, .last = header.placed_by, .last_name = header.placed_by_name}));
  }
  for (const auto& warning : warnings) {
    spdlog::warn("{}", text::about(header.id, words::job_warned(header.id, text::both(warning))));
  }
}

/// Called off, it ends at once. Held, it is read anew when it is released. Cancelled, nothing is known of its rows that
/// could be reported one by one: the file goes back whole.
Task<void> Worker::survey_and_plan(Job& job) {
  while (!is_called_off(job)) {
    job.waits = words::being_read();
    const auto done = co_await read_and_plan(job);
    job.looked = false;
    if (done) co_return;
    if (!is_called_off(job) && co_await try_again(job, done.error()) != Then::go_on) co_return;
  }
  job.waits.clear();
  if (job.header.ruling == ports::Ruling::cancelled) co_await reject(job, text::both({Word::cancelled_unread, {}}));
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
  // First the verdict, then the file is moved: a crash in between rejects again, by the same reason, and never surveys
  // it again.
  if (!co_await parts_.journal.commit_surely({ports::ForgetSurvey{header.id}, ports::PutJob{header}})) co_return;
  const auto page = reason_file(header);
  if (job.shows_progress) co_await parts_.spool.progress(header.id, header.name, "");
  while (true) {
    auto done = co_await parts_.spool.reject(header.id, header.name, page);
    if (done) break;
    if (co_await try_again(job, done.error()) != Then::go_on) co_return;
  }
  header.state = JobState::rejected;
  if (!co_await parts_.journal.commit_surely({ports::PutJob{header}})) co_return;
  const auto name = text::shown(header.name, 80);
  spdlog::warn("{}", text::about(header.id, words::file_rejected(header.id, name, header.reason)));
}

}  // namespace sluice::pipeline
