#include "sim_ledger.hpp"

#include <algorithm>
#include <variant>

namespace sluice::simulation {

using namespace std::chrono_literals;
using ports::Task;

namespace {
constexpr Nanos kAskFor = 120s;
constexpr Nanos kAskAgain = 250ms;
}  // namespace

Task<Result<void>> SimLedger::commit(ports::Changes changes) {
  co_await life_.pass(Nanos(1'000), "commit");
  auto commit = std::make_shared<Commit>(life_, std::move(changes));
  under_way_.push_back(commit);
  if (in_group_ == 0) write_group();
  commit->promised = promises_early(commit->changes);
  if (commit->promised) co_return Result<void>{};
  co_await commit->done.wait(Timeline::kForever);
  co_return commit->result;
}

bool SimLedger::promises_early(const std::vector<ports::Change>& changes) const {
  return std::ranges::any_of(changes, [this](const ports::Change& change) {
    if (mistake_ == Mistake::settle_before_commit) return std::holds_alternative<ports::AddCounts>(change);
    const auto* put = std::get_if<ports::PutBatches>(&change);
    return mistake_ == Mistake::announce_after_sending && put &&
           std::ranges::find(put->batches, ports::BatchState::sending, &ports::Batch::state) != put->batches.end();
  });
}

bool SimLedger::idle() const {
  return std::ranges::all_of(under_way_, [](const auto& commit) { return commit->promised; });
}

bool SimLedger::has_room(const std::vector<ports::Change>& changes) const {
  return mistake_ == Mistake::forget_day_cap || store_.has_room(changes);
}

void SimLedger::write_group() {
  in_group_ = under_way_.size();
  const Nanos takes = life_.random().between(Nanos(200'000), Nanos(4'000'000));
  life_.timeline().at(life_.now() + takes, life_.owner(), [this] { group_written(); });
}

Result<void> SimLedger::apply(const ports::Changes& changes) {
  if (seat_ != nullptr) {
    if (auto allowed = seat_->allows(changes, store_); !allowed) return allowed;
  }
  if (!has_room(changes)) return fail(ErrorKind::stale, "");
  store_.apply(changes);
  if (seat_ != nullptr) seat_->applied(changes);
  return {};
}

void SimLedger::group_written() {
  if (!life_.step("ledger: write")) return;
  if (seat_ != nullptr && life_.random().per_mille(weather_.commit_lost)) return lose_answer();
  const bool fails = life_.random().per_mille(weather_.ledger_error) || weather_.disk_full || cut_off();
  life_.trace()(life_.now(), "ledger: {} commits {}", in_group_, fails ? "fail" : "durable");
  for (std::size_t i = 0; i < in_group_; ++i) {
    auto& commit = *under_way_[i];
    if (gave_up_) {
      commit.result = fail(ErrorKind::fenced, "nobody knows what became of a commit");
    } else if (fails && !commit.promised) {
      const bool full = weather_.disk_full || life_.random().per_mille(500);
      commit.result = fail(full ? ErrorKind::no_space : ErrorKind::io, "simulated ledger fault");
    } else {
      commit.result = apply(commit.changes);
    }
  }
  end_group();
}

void SimLedger::end_group() {
  for (; in_group_ > 0; --in_group_) {
    const auto commit = std::move(under_way_.front());
    under_way_.pop_front();
    commit->done.ring();
  }
  life_.when_running([this] {
    if (in_group_ == 0 && !under_way_.empty()) write_group();
  });
}

/// The connection breaks while the answer to COMMIT is on its way, or the transaction itself, which may still come.
void SimLedger::lose_answer() {
  auto& random = life_.random();
  lost_ = std::make_shared<Lost>(Lost{.since = life_.now()});
  const bool there = random.per_mille(500);
  life_.trace()(life_.now(), "ledger: the answer to {} commits is lost{}", in_group_, there ? "" : ", or they are");
  if (there) {
    group_arrives();
  } else if (random.per_mille(700)) {
    life_.timeline().at(life_.now() + random.between(Nanos(0), Nanos(8s)), life_.owner(), [this, lost = lost_] {
      if (lost == lost_ && !lost->barred) group_arrives();
    });
  }
  life_.timeline().at(life_.now() + random.between(Nanos(1ms), Nanos(8s)), life_.owner(),
                      [this, lost = lost_] { ask_outcome(lost); });
}

void SimLedger::group_arrives() {
  lost_->arrived = true;
  for (std::size_t i = 0; i < in_group_; ++i) under_way_[i]->result = apply(under_way_[i]->changes);
}

/// Under the lock of the host's row, where a barrier is set, too: what has not come by then never does.
void SimLedger::ask_outcome(const std::shared_ptr<Lost>& lost) {
  if (life_.stalled()) return life_.when_running([this, lost] { ask_outcome(lost); });
  if (!life_.step("ledger: ask")) return;
  if (cut_off() && life_.now() - lost->since < kAskFor) {
    life_.timeline().at(life_.now() + kAskAgain, life_.owner(), [this, lost] { ask_outcome(lost); });
    return;
  }
  gave_up_ = cut_off();
  lost->barred = !cut_off();
  const bool fenced = gave_up_ || seat_->fenced();
  life_.trace()(life_.now(), "ledger: {}", fenced ? "fenced" : lost->arrived ? "stored after all" : "never stored");
  for (std::size_t i = 0; i < in_group_; ++i) {
    auto& result = under_way_[i]->result;
    if (fenced) {
      result = fail(ErrorKind::fenced, "nobody knows what became of a commit");
    } else if (!lost->arrived) {
      result = fail(ErrorKind::io, "the commit was not stored");
    }
  }
  if (!gave_up_) lost_.reset();
  end_group();
}

void SimLedger::crash(Random& random) {
  const std::size_t stored = lost_ && lost_->arrived ? in_group_ : 0;
  const std::size_t survive = stored + random.below(under_way_.size() - stored + 1);
  for (std::size_t i = stored; i < survive; ++i) {
    [[maybe_unused]] const auto done = apply(under_way_[i]->changes);
  }
  under_way_.clear();
  in_group_ = 0;
}

Task<Result<void>> SimLedger::enter_read(std::string_view what) {
  co_await life_.pass(life_.random().between(Nanos(5'000), Nanos(200'000)), what);
  if (gave_up_) co_return fail(ErrorKind::fenced, "nobody knows what became of a commit");
  if (cut_off()) co_return fail(ErrorKind::io, "the ledger can't be reached");
  if (life_.random().per_mille(weather_.ledger_error)) co_return fail(ErrorKind::io, "simulated ledger read fault");
  co_return Result<void>{};
}

Task<Result<std::vector<ports::JobHeader>>> SimLedger::open_jobs() {
  if (auto entered = co_await enter_read("open_jobs"); !entered) co_return std::unexpected(entered.error());
  auto jobs = store_.open_jobs();
  if (seat_ != nullptr)
    std::erase_if(jobs, [this](const auto& job) { return !seat_->table.has(seat_->number, job.id); });
  co_return jobs;
}

Task<Result<std::optional<ports::JobHeader>>> SimLedger::job(JobId id) {
  if (auto entered = co_await enter_read("job"); !entered) co_return std::unexpected(entered.error());
  co_return store_.job(id);
}

Task<Result<std::vector<ports::JobHeader>>> SimLedger::jobs_with_content(std::string content_hash, WallTime since) {
  if (auto entered = co_await enter_read("jobs_with_content"); !entered) co_return std::unexpected(entered.error());
  co_return store_.jobs_with_content(content_hash, since);
}

Task<Result<std::vector<ports::JobHeader>>> SimLedger::jobs_before(std::optional<JobId> before, std::size_t limit) {
  if (auto entered = co_await enter_read("jobs_before"); !entered) co_return std::unexpected(entered.error());
  co_return store_.jobs_before(before, limit);
}

Task<Result<std::vector<ports::JobHeader>>> SimLedger::ended_jobs(std::size_t limit) {
  if (auto entered = co_await enter_read("ended_jobs"); !entered) co_return std::unexpected(entered.error());
  co_return store_.ended_jobs(limit);
}

Task<Result<std::vector<ports::JobHeader>>> SimLedger::jobs_ended(ports::JobState state, WallTime since,
                                                                  WallTime before) {
  if (auto entered = co_await enter_read("jobs_ended"); !entered) co_return std::unexpected(entered.error());
  co_return store_.jobs_ended(state, since, before);
}

Task<Result<std::vector<ports::Batch>>> SimLedger::batches(JobId job, ports::BatchSet which, BatchId after,
                                                           std::size_t limit) {
  if (auto entered = co_await enter_read("batches"); !entered) co_return std::unexpected(entered.error());
  auto some = store_.batches(job, which, after, limit);
  if (mistake_ == Mistake::forget_maybe_applied) {
    for (auto& batch : some) batch.past.maybe_applied = false;
  }
  co_return some;
}

Task<Result<std::vector<records::RowResult>>> SimLedger::rows(JobId job, std::uint64_t after, std::size_t limit) {
  if (auto entered = co_await enter_read("rows"); !entered) co_return std::unexpected(entered.error());
  co_return store_.rows(job, after, limit);
}

Task<Result<std::vector<ports::Doubt>>> SimLedger::doubts(WallTime now) {
  if (auto entered = co_await enter_read("doubts"); !entered) co_return std::unexpected(entered.error());
  if (seat_ != nullptr) seat_->doubts_seen = seat_->table.revision;
  co_return store_.doubts(now);
}

Task<Result<std::uint64_t>> SimLedger::first_sends(std::uint32_t day) {
  if (auto entered = co_await enter_read("first_sends"); !entered) co_return std::unexpected(entered.error());
  co_return mistake_ == Mistake::forget_day_cap ? 0 : store_.first_sends(day);
}

Task<Result<ports::HistoryPage>> SimLedger::history(ports::HistoryQuery query, std::uint64_t) {
  if (auto entered = co_await enter_read("history"); !entered) co_return std::unexpected(entered.error());
  co_return store_.history(query);
}

Task<Result<ports::PlacedPage>> SimLedger::placed(WallTime since, std::uint64_t) {
  if (auto entered = co_await enter_read("placed"); !entered) co_return std::unexpected(entered.error());
  co_return store_.placed(since);
}

Task<Result<std::string>> SimLedger::note(ports::NoteKey key) {
  if (auto entered = co_await enter_read("note"); !entered) co_return std::unexpected(entered.error());
  const bool pause = key.stored() == ports::NoteKey(ports::Note::paused).stored();
  if (seat_ != nullptr && pause) seat_->pause_seen = seat_->table.revision;
  co_return store_.note(key);
}

Task<Result<ports::Ledger::Numbers>> SimLedger::numbers() {
  if (auto entered = co_await enter_read("numbers"); !entered) co_return std::unexpected(entered.error());
  auto numbers = store_.numbers();
  if (seat_ != nullptr) numbers.batch = seat_->epoch << 32U;
  co_return numbers;
}

Task<Result<std::uint64_t>> SimLedger::reserve_jobs(std::uint64_t count) {
  if (auto entered = co_await enter_read("reserve_jobs"); !entered) co_return std::unexpected(entered.error());
  co_return store_.reserve_jobs(count);
}

}  // namespace sluice::simulation
