#include "ledger_store.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace sluice::simulation {

void LedgerStore::apply(const std::vector<ports::Change>& changes) {
  for (const auto& one : changes) {
    std::visit([this](const auto& typed) { change(typed); }, one);
  }
}

const std::map<std::uint64_t, records::RowResult>& LedgerStore::rows(std::uint64_t job) const {
  static const std::map<std::uint64_t, records::RowResult> none;
  const auto it = rows_.find(job);
  return it == rows_.end() ? none : it->second;
}

std::vector<ports::JobHeader> LedgerStore::open_jobs() const {
  std::vector<ports::JobHeader> open;
  for (const auto& [n, header] : jobs_) {
    using enum ports::JobState;
    if (header.state != done && header.state != rejected && header.state != dropped) open.push_back(header);
  }
  return open;
}

std::optional<ports::JobHeader> LedgerStore::job(JobId id) const {
  const auto it = jobs_.find(id.n);
  return it == jobs_.end() ? std::nullopt : std::optional(it->second);
}

std::vector<ports::JobHeader> LedgerStore::jobs_with_content(const std::string& content_hash, WallTime since) const {
  std::vector<ports::JobHeader> same;
  for (auto it = jobs_.rbegin(); it != jobs_.rend(); ++it) {
    const auto& header = it->second;
    if (header.content_hash == content_hash && header.claimed_at && *header.claimed_at >= since) same.push_back(header);
  }
  return same;
}

std::vector<ports::JobHeader> LedgerStore::jobs_before(std::optional<JobId> before, std::size_t limit) const {
  std::vector<ports::JobHeader> some;
  for (auto it = before ? jobs_.lower_bound(before->n) : jobs_.end(); it != jobs_.begin() && some.size() < limit;)
    some.push_back((--it)->second);
  return some;
}

std::vector<ports::JobHeader> LedgerStore::ended_jobs(std::size_t limit) const {
  std::vector<ports::JobHeader> ended;
  for (const auto& [n, header] : jobs_) {
    const bool over = header.state == ports::JobState::done || header.state == ports::JobState::rejected;
    if (over) ended.push_back(header);
  }
  std::ranges::sort(ended, std::greater{}, [](const ports::JobHeader& h) { return std::pair(h.finished_at, h.id.n); });
  ended.resize(std::min(ended.size(), limit));
  return ended;
}

std::vector<ports::JobHeader> LedgerStore::jobs_ended(ports::JobState state, WallTime since, WallTime before) const {
  std::vector<ports::JobHeader> ended;
  for (const auto& [n, header] : jobs_) {
    const bool then = header.finished_at && *header.finished_at >= since && *header.finished_at < before;
    if (header.state == state && then) ended.push_back(header);
  }
  std::ranges::sort(ended, std::less{}, [](const ports::JobHeader& h) { return std::pair(h.finished_at, h.id.n); });
  return ended;
}

std::vector<ports::Batch> LedgerStore::batches(JobId job, ports::BatchSet which, BatchId after,
                                               std::size_t limit) const {
  std::vector<ports::Batch> some;
  for (auto it = batches_.upper_bound(after); it != batches_.end() && some.size() < limit; ++it) {
    if (it->second.job == job && set_of(it->second) == which) some.push_back(it->second);
  }
  return some;
}

std::vector<records::RowResult> LedgerStore::rows(JobId job, std::uint64_t after, std::size_t limit) const {
  std::vector<records::RowResult> some;
  const auto& all = rows(job.n);
  for (auto it = all.upper_bound(after); it != all.end() && some.size() < limit; ++it) some.push_back(it->second);
  return some;
}

std::vector<ports::Doubt> LedgerStore::doubts(WallTime now) const {
  std::vector<ports::Doubt> young;
  for (const auto& doubt : doubts_) {
    if (doubt.since > now - ports::kDoubtsKept) young.push_back(doubt);
  }
  return young;
}

bool LedgerStore::has_room(const std::vector<ports::Change>& changes) const {
  return std::ranges::all_of(changes, [this](const ports::Change& change) {
    const auto* count = std::get_if<ports::CountFirstSends>(&change);
    return count == nullptr || count->most == 0 ||
           first_sends(count->day) + static_cast<std::uint64_t>(count->orders) <= count->most;
  });
}

std::uint64_t LedgerStore::reserve_jobs(std::uint64_t count) {
  const auto first = std::max(reserved_job_, numbers_.job) + 1;
  reserved_job_ = first + count - 1;
  return first;
}

std::uint64_t LedgerStore::first_sends(std::uint32_t day) const {
  const auto it = first_sends_.find(day);
  return it == first_sends_.end() ? 0 : it->second;
}

ports::HistoryPage LedgerStore::history(const ports::HistoryQuery& query) const {
  ports::HistoryPage page;
  for (const auto& piece : history_) {
    if (query.job && piece.job != *query.job) continue;
    for (std::size_t i = 0; i < piece.rows.size(); ++i) {
      const auto& ids = piece.orders[i].ids;
      const bool asked =
          query.id.empty() || piece.rows[i].order_id == query.id || std::ranges::find(ids, query.id) != ids.end();
      if (asked) page.orders.push_back({.job = piece.job, .ids = ids, .result = piece.rows[i]});
    }
  }
  return page;
}

ports::PlacedPage LedgerStore::placed(WallTime since) const {
  ports::PlacedPage page;
  for (const auto& piece : history_) {
    ports::PlacedOrders placed{.job = piece.job, .at = piece.at, .marks = {}};
    for (std::size_t i = 0; i < piece.orders.size(); ++i) {
      const bool accepted = piece.rows.empty() || piece.rows[i].outcome == records::Outcome::accepted ||
                            piece.rows[i].outcome == records::Outcome::accepted_earlier;
      if (accepted && piece.orders[i].mark != 0) placed.marks.push_back(piece.orders[i].mark);
    }
    if (piece.at >= since && !placed.marks.empty()) page.placed.push_back(std::move(placed));
  }
  return page;
}

std::string LedgerStore::note(const ports::NoteKey& key) const {
  const auto it = notes_.find(key.stored());
  return it == notes_.end() ? std::string{} : it->second;
}

void LedgerStore::change(const ports::PutJob& put) {
  const auto [it, fresh] = jobs_.try_emplace(put.job.id.n, put.job);
  if (!fresh) {
    const auto before = std::exchange(it->second, put.job);
    it->second.counts = before.counts;
    it->second.requests = before.requests;
    it->second.other_starts = before.other_starts;
    copy_hold(before, it->second);
  }
  numbers_.job = std::max(numbers_.job, put.job.id.n);
}

void LedgerStore::change(const ports::PutHold& put) {
  const auto it = jobs_.find(put.job.id.n);
  if (it != jobs_.end()) copy_hold(put.job, it->second);
}

void LedgerStore::change(const ports::AddCounts& add) {
  const auto it = jobs_.find(add.job.n);
  if (it == jobs_.end()) return;
  it->second.counts += add.counts;
  it->second.requests += add.requests;
  it->second.other_starts += add.other_starts;
}

void LedgerStore::change(const ports::ForgetSurvey& forget) {
  if (const auto it = jobs_.find(forget.job.n); it != jobs_.end()) it->second.counts = {};
  rows_.erase(forget.job.n);
  std::erase_if(batches_, [&](const auto& entry) { return entry.second.job == forget.job; });
}

void LedgerStore::change(const ports::PutRows& put) {
  auto& rows = rows_[put.job.n];
  for (const auto& row : put.rows) rows.insert_or_assign(row.row, row);
  if (put.orders.empty()) return;
  history_.push_back(
      {.job = put.job, .at = put.rows.front().at.value_or(WallTime{}), .rows = put.rows, .orders = put.orders});
}

void LedgerStore::change(const ports::PutBatches& put) {
  for (const auto& batch : put.batches) {
    batches_.insert_or_assign(batch.id, batch);
    numbers_.batch = std::max(numbers_.batch, number(batch.id));
  }
}

void LedgerStore::change(const ports::DropBatch& drop) {
  batches_.erase(drop.batch);
}

void LedgerStore::change(const ports::CountFirstSends& count) {
  first_sends_[count.day] += static_cast<std::uint64_t>(count.orders);  // of a negative one: less by so many
}

void LedgerStore::change(const ports::PutDoubts& put) {
  for (const auto& doubt : put.doubts) {
    const auto same = std::ranges::find_if(
        doubts_, [&](const ports::Doubt& known) { return known.job == doubt.job && known.row == doubt.row; });
    if (same == doubts_.end()) {
      doubts_.push_back(doubt);
    } else {
      *same = doubt;
    }
  }
}

void LedgerStore::change(const ports::DropDoubts& drop) {
  std::erase_if(doubts_, [&](const ports::Doubt& doubt) { return doubt.job == drop.job; });
}

void LedgerStore::change(const ports::ResolveDoubts& resolve) {
  for (auto& doubt : doubts_) {
    const bool named = doubt.job == resolve.job && std::ranges::find(resolve.rows, doubt.row) != resolve.rows.end();
    if (named) doubt.looked_up = resolve.looked_up;
  }
}

void LedgerStore::change(const ports::ForgetRows& forget) {
  rows_.erase(forget.job.n);
}

void LedgerStore::change(const ports::Remember& remember) {
  history_.push_back(remember);
}

void LedgerStore::change(const ports::ForgetHistory& forget) {
  std::erase_if(history_, [&](const auto& piece) { return piece.at < forget.before; });
}

void LedgerStore::change(const ports::PutNote& put) {
  if (put.value.empty()) {
    notes_.erase(put.key.stored());
  } else {
    notes_.insert_or_assign(put.key.stored(), put.value);
  }
}

}  // namespace sluice::simulation
