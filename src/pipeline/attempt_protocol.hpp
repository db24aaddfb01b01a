#pragma once

#include <cstdint>

namespace sluice::pipeline {

/// What an attempt does next. Each step says why it stands where it does, and what a crash there leaves behind.
enum class Step : std::uint8_t {
  /// Cuts the batch to what may go now, or gathers with it what waits for the same. First, because it decides which
  /// rows are meant. One commit: whenever a crash comes, each row is in exactly one batch.
  fit,
  /// Reads the rows again from the claimed file: a batch keeps only where they lie, and what is sent must be what was
  /// surveyed. A crash leaves no trace, as up to the announcement.
  read,
  /// Makes their keys busy. Before they are judged: from here on no other job can leave one of these orders in doubt.
  take_keys,
  /// Settles rows that may no longer start: their dates are over, or another job has left the order in doubt. Never of
  /// a resend, whose body must stay what it was.
  judge,
  /// Holds the job where a resend would not be byte for byte what was sent before, say after an upgrade.
  compare,
  /// Gets a connection. Before the announcement, so that an unreachable API leaves nothing announced.
  connect,
  /// The ledger says *sending*, durably. A crash from here on finds that, and takes the batch for perhaps applied.
  announce,
  /// Waits for the pace. After the announcement, whose fsync takes as long as it takes: nothing that can wait stands
  /// between the slot and the first byte.
  take_slot,
  /// The bytes leave, and an answer comes, or none. A crash leaves *sending*: perhaps applied.
  post,
  /// One commit of all that follows: results, batches that wait, orders in doubt. A crash before it leaves *sending*,
  /// one after it finds the rows settled: nothing is ever sent again after an answer that settled it.
  settle,
  /// Announced, and then not sent: the ledger takes back *sending*. Without that, a crash later on would make perhaps
  /// applied of what never left.
  withdraw,
  /// It may have been applied, and `retry.in_doubt` has become `hold` since: its rows end in doubt, in one commit.
  give_up,
  /// Waits again, in memory; the ledger has it already.
  put_back,
  end,
};

/// What came of a step.
enum class Event : std::uint8_t {
  done,        ///< on to the next one
  not_now,     ///< the batch has to wait: paused, held, busy, unreachable, no slot, or the ledger can't be written
  not_again,   ///< it may not be sent again at all
  consumed,    ///< nothing of it is left to send, or to put back
  stale,       ///< its turn came, but the connection had been closed meanwhile; no slot was taken
  never_left,  ///< the connection failed before the first byte
};

/// What became of the bytes.
enum class Fate : std::uint8_t {
  not_yet,    ///< nothing was announced
  announced,  ///< the ledger says *sending*, and nothing has left
  left,       ///< the first byte may have left: settled by what came back
  withdrawn,  ///< announced, and taken back: nothing left
  consumed,   ///< there is nothing left to put back
};

/// The life of one attempt, as a state machine without I/O: what came of a step in, the next step out. Attempt carries
/// them out.
class AttemptProtocol {
 public:
  Step step() const { return step_; }
  Fate fate() const { return fate_; }
  /// The next step. A step that can't end so is our bug: aborts.
  Step next(Event event);

 private:
  Step after_done();
  Step after_not_now() const;

  Step step_ = Step::fit;
  Fate fate_ = Fate::not_yet;
};

}  // namespace sluice::pipeline
