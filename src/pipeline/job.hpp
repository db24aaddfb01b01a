#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "busy_keys.hpp"
#include "sluice/config/settings.hpp"
#include "sluice/orders/order.hpp"
#include "sluice/pipeline/order_reading.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/ports/spool.hpp"
#include "sluice/records/format.hpp"

namespace sluice::pipeline {

class Journal;
class RowMarks;

/// The orders that were refused with one status.
struct Refused {
  std::uint64_t orders = 0;
  std::uint64_t first_row = 0;
};

/// A batch in memory, waiting for its turn.
struct Waiting {
  ports::Batch batch;
  Boottime due{};                      ///< Batch::not_before, by a clock that doesn't jump: see to_boottime()
  KeyHold hold;                        ///< on its keys, from its first announcement until it is settled
  std::optional<Boottime> lost_since;  ///< Past::lost_since, by the same
};

/// Whether it would be the first time that its rows go out.
inline bool is_first_send(const ports::Batch& batch) {
  return batch.past.sends == 0 && !batch.past.maybe_applied;
}

/// Sets what a waiting batch has by the wall clock by the boot clock too, which nobody sets. The wall clock may have
/// been set since: no wait becomes longer than the settings ask for, and a `lost_since` that is known stays.
void to_boottime(Waiting& waiting, const ports::Clock& clock, const config::Settings& settings);

/// What may be believed of a job's claimed file, and of what was started of it.
enum class FileGrip : std::uint8_t {
  unknown,   ///< what was started is not taken up yet: nothing is sent, of any job, before its keys are busy
  sure,      ///< it is what was surveyed; what was started is in memory, and holds its keys
  doubtful,  ///< it was touched since: nothing of it is read before its content was compared; the rest as in `sure`
  lost,      ///< it is gone or was changed: what was started stands in the ledger only, its keys are held by `guard`
};

/// A job at work: its header and what of its batches is in memory.
struct Job {
  ports::JobHeader header;
  std::optional<ports::JobHeader> deciding;  ///< what a command makes of it; acted on only when that is durable
  std::optional<std::uint32_t> owner;        ///< whose file it was in the inbox; none: an earlier process claimed it
  std::unique_ptr<ports::ClaimedFile> file;
  records::Format format;
  std::optional<OrderReading> reading;
  const RowMarks* marks = nullptr;  ///< what its rows must match; null: they bear no marks, or of a secret that is lost
  std::string unreadable;           ///< why there is no reading though it was surveyed: it can only be held

  std::deque<Waiting> fresh;      ///< a window of the batches never announced, ascending
  std::optional<BatchId> loaded;  ///< the last fresh batch loaded, while the ledger may have more of them
  std::vector<Waiting> started;   ///< batches announced before, parts and retries: all in memory
  FileGrip grip = FileGrip::unknown;
  KeyHold guard;                ///< on the keys of what it has started, while that is not in memory
  bool address_noted = false;   ///< header.base_url is durable
  bool looked = false;          ///< for its content among the other jobs', and is being read
  bool shows_progress = true;   ///< it may: an earlier process may have left its file
  std::uint32_t in_flight = 0;  ///< batches taken out to be sent
  std::uint64_t rows_in_flight = 0;

  std::map<std::string, Refused> refused_by_status;  ///< for guard.stop_when_refused
  std::uint64_t answered = 0;
  bool capped = false;                           ///< guard.max_orders_per_day leaves it nothing to send today
  std::string waits;                             ///< for status: what it waits for, if not for its turn
  std::unique_ptr<ports::Clock::Timer> changed;  ///< woken when its work() has something to look at

  /// Format and reading as the ledger has them, and what its rows are held against; `unreadable` where it has nothing
  /// that can be read.
  void take_reading(const RowMarks& spool);
  /// It has just been planned, durably: nothing of it was started. Nothing given: the ledger is asked for its batches.
  void take_plan(std::optional<std::vector<ports::Batch>> planned);
  JobId id() const { return header.id; }
  text::Lang lang() const { return header.lang; }
  std::uint64_t unsettled() const;
  /// As the ledger is to have it.
  const ports::JobHeader& decided() const { return deciding ? *deciding : header; }
  /// A decision of the pipeline's own, which a command under way must not undo.
  void put_on_hold(ports::Hold why, std::string words);
  /// The same, durably, where nothing else holds it. A file that is gone or changed overrules: what was started of it
  /// can't be known, and nothing waits for that.
  ports::Task<void> hold(Journal& journal, ports::Hold why, std::string words);
  /// What is in memory is no longer all there is: adopt() asks the ledger again before anything goes on. Keys stay busy
  /// until then.
  void forget_batches();
  /// Its file is gone or not what was surveyed. What was started of it keeps its keys; while these are not held, the
  /// job goes on blocking all sending.
  void doubt_file();
  /// An operator has cancelled it, and that is durable.
  bool cancelled() const { return header.ruling == ports::Ruling::cancelled; }
  bool held() const { return header.hold != ports::Hold::none; }
  /// What it has started is to be taken up first, held or not: it may have any key under way.
  bool blocks_all_sending() const { return header.state == ports::JobState::sending && grip == FileGrip::unknown; }
  bool sending() const {
    return header.state == ports::JobState::sending && grip == FileGrip::sure && !held() && !cancelled();
  }
};

/// Whether the claimed file is gone or not what was surveyed: what the job has started can't be taken up.
bool takes_the_file(ports::Hold why);

/// A batch's orders, and the body of their request.
struct ReadAgain {
  std::vector<orders::Order> orders;
  std::string body;
};
/// Reads a batch's rows again. Kind `changed`: they are not what was planned, byte for byte on the wire.
ports::Task<Result<ReadAgain>> read_again(Job& job, ports::Batch batch);

/// Whether an error of reading it means that the claimed file is gone or not what was surveyed: trying again is no use.
bool is_lost(const Error& error);

std::vector<std::uint64_t> keys_of(const std::vector<orders::Order>& orders);

/// All jobs at work, by number; their addresses stay.
using Jobs = std::map<JobId, std::unique_ptr<Job>>;

/// What drain would say of a finished job: 1 when some orders were not accepted.
int exit_code(const ports::Counts& counts);

}  // namespace sluice::pipeline
