#include "sim_ledger.hpp"

#include <algorithm>
#include <variant>

namespace sluice::simulation {

using ports::Task;

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
  life_.timeline().at(life_.now() + takes, Owner::process, [this] { group_written(); });
}

void SimLedger::group_written() {
  if (!life_.step("ledger: write")) return;
  const bool fails = life_.random().per_mille(weather_.ledger_error) || weather_.disk_full;
  life_.trace()(life_.now(), "ledger: {} commits {}", in_group_, fails ? "fail" : "durable");
  for (; in_group_ > 0; --in_group_) {
    const auto commit = std::move(under_way_.front());
    under_way_.pop_front();
    if (fails && !commit->promised) {
      const bool full = weather_.disk_full || life_.random().per_mille(500);
      commit->result = fail(full ? ErrorKind::no_space : ErrorKind::io, "simulated ledger fault");
    } else if (!has_room(commit->changes)) {
      commit->result = fail(ErrorKind::stale, "");
    } else {
      store_.apply(commit->changes);
    }
    commit->done.ring();
  }
  if (!under_way_.empty()) write_group();
}

void SimLedger::crash(Random& random) {
  const std::size_t survive = random.below(under_way_.size() + 1);
  for (std::size_t i = 0; i < survive; ++i) {
    if (has_room(under_way_[i]->changes)) store_.apply(under_way_[i]->changes);
  }
  under_way_.clear();
  in_group_ = 0;
}

Task<Result<void>> SimLedger::enter_read(std::string_view what) {
  co_await life_.pass(life_.random().between(Nanos(5'000), Nanos(200'000)), what);
  if (life_.random().per_mille(weather_.ledger_error)) co_return fail(ErrorKind::io, "simulated ledger read fault");
  co_return Result<void>{};
}

Task<Result<std::vector<ports::JobHeader>>> SimLedger::open_jobs() {
  if (auto entered = co_await enter_read("open_jobs"); !entered) co_return std::unexpected(entered.error());
  co_return store_.open_jobs();
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
  co_return store_.note(key);
}

Task<Result<ports::Ledger::Numbers>> SimLedger::numbers() {
  if (auto entered = co_await enter_read("numbers"); !entered) co_return std::unexpected(entered.error());
  co_return store_.numbers();
}

Task<Result<std::uint64_t>> SimLedger::reserve_jobs(std::uint64_t count) {
  if (auto entered = co_await enter_read("reserve_jobs"); !entered) co_return std::unexpected(entered.error());
  co_return store_.reserve_jobs(count);
}

}  // namespace sluice::simulation
