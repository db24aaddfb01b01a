#include "host_seat.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

namespace sluice::simulation {

namespace {

bool others_go_by_it(const ports::Change& change) {
  const auto* note = std::get_if<ports::PutNote>(&change);
  if (note != nullptr) return note->key.stored() == ports::NoteKey(ports::Note::paused).stored();
  return std::holds_alternative<ports::PutDoubts>(change) || std::holds_alternative<ports::DropDoubts>(change) ||
         std::holds_alternative<ports::ResolveDoubts>(change);
}

bool holds_keys(const ports::Batch& batch) {
  return batch.state == ports::BatchState::sending || batch.past.sends > 0 || batch.past.maybe_applied;
}

bool held_by_another_job(const ports::Batch& announced, const LedgerStore& store) {
  return std::ranges::any_of(store.batches(), [&](const auto& entry) {
    const ports::Batch& other = entry.second;
    return other.job != announced.job && holds_keys(other) &&
           std::ranges::find_first_of(other.keys, announced.keys) != other.keys.end();
  });
}

}  // namespace

Result<void> HostSeat::may_announce(const ports::Batch& batch, const LedgerStore& store) const {
  if (mistake != Mistake::keys_not_shared && held_by_another_job(batch, store)) return fail(ErrorKind::elsewhere, "");
  if (std::min(doubts_seen, pause_seen) != table.revision) return fail(ErrorKind::stale, "");
  return {};
}

Result<void> HostSeat::allows(const ports::Changes& changes, const LedgerStore& store) const {
  if (fenced() && mistake != Mistake::epoch_not_proved)
    return fail(ErrorKind::fenced, fmt::format("epoch {} was ended", epoch));
  for (const auto& change : changes) {
    const auto* put = std::get_if<ports::PutBatches>(&change);
    if (put == nullptr) continue;
    for (const auto& batch : put->batches) {
      if (batch.state != ports::BatchState::sending) continue;
      if (auto may = may_announce(batch, store); !may) return may;
    }
  }
  return {};
}

void HostSeat::applied(const ports::Changes& changes) {
  bool others_wait = false;
  for (const auto& change : changes) {
    if (const auto* put = std::get_if<ports::PutJob>(&change)) {
      const auto whose = table.jobs.try_emplace(put->job.id.n, number).first->second;
      if (whose != number)
        table.violated(fmt::format("host {} writes job {} of host {}", number, put->job.id.n, whose));
    }
    others_wait = others_wait || std::holds_alternative<ports::DropBatch>(change) || others_go_by_it(change);
    if (!others_go_by_it(change)) continue;
    // Its own change is no news to it, where it knew all before.
    if (doubts_seen == table.revision) ++doubts_seen;
    if (pause_seen == table.revision) ++pause_seen;
    ++table.revision;
  }
  if (others_wait) table.tells_others(number);
}

}  // namespace sluice::simulation
