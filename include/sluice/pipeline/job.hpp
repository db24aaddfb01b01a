#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sluice/orders/order.hpp"
#include "sluice/pipeline/order_reading.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/ports/spool.hpp"
#include "sluice/records/format.hpp"

namespace sluice::pipeline {

/// A batch in memory, waiting for its turn.
struct Waiting {
  ports::Batch batch;
  Boottime due{};                           ///< Batch::not_before, safe from a wall clock that jumps
  bool holds_keys = false;                  ///< its keys are among the busy ones: it was announced and is not settled
  std::optional<Boottime> first_ambiguous;  ///< Batch::ambiguous_since, as safe
};

/// Whether it would be the first time that its rows go out.
inline bool is_first_send(const ports::Batch& batch) {
  return batch.sends == 0 && !batch.maybe_applied;
}

/// A job at work: its header and what of its batches is in memory.
struct Job {
  ports::JobHeader header;
  std::optional<ports::JobHeader> deciding;  ///< what a command makes of it; acted on only when that is durable
  std::unique_ptr<ports::ClaimedFile> file;
  records::Format format;
  std::optional<OrderReading> reading;

  std::deque<Waiting> fresh;   ///< a window of the batches never announced, ascending
  BatchId cursor{};            ///< the last fresh batch loaded
  bool more_fresh = false;     ///< the ledger may have more of them
  std::vector<Waiting> begun;  ///< batches announced before, parts and retries: all in memory
  bool adopted = false;        ///< the sender knows what it has begun
  /// Keys kept busy for what it has begun while it is not adopted; nothing: not known yet, or not needed.
  std::optional<std::vector<std::uint64_t>> guarded;
  bool suspect = false;         ///< its file was not what was surveyed, when last looked at
  bool address_noted = false;   ///< header.base_url is durable
  std::uint32_t in_flight = 0;  ///< batches taken out to be sent
  std::uint64_t rows_in_flight = 0;

  std::map<int, std::uint64_t> refused_by_status;  ///< for guard.stop_when_refused
  std::uint64_t answered = 0;
  bool capped = false;                           ///< guard.max_orders_per_day leaves it nothing to send today
  std::string waits;                             ///< for status: what it waits for, if not for its turn
  std::unique_ptr<ports::Clock::Timer> changed;  ///< woken when its work() has something to look at

  JobId id() const { return header.id; }
  text::Lang lang() const { return header.chinese ? text::Lang::zh : text::Lang::en; }
  std::uint64_t unsettled() const;
  /// As the ledger is to have it.
  const ports::JobHeader& decided() const { return deciding ? *deciding : header; }
  /// A decision of the pipeline's own, which a command under way must not undo.
  void put_on_hold(ports::Hold why, std::string words);
  bool held() const { return header.hold != ports::Hold::none; }
  /// What it has begun is to be taken up first, held or not; until then nothing is sent. Of a file that is gone or was
  /// changed it can't be: its keys stay busy.
  bool unknown() const {
    const bool lost = header.hold == ports::Hold::file_changed && guarded;
    return header.state == ports::JobState::sending && !adopted && !lost;
  }
  bool sending() const {
    return header.state == ports::JobState::sending && adopted && !suspect && !held() && !header.cancelled;
  }
};

/// Reads the orders of some rows again, as they were surveyed. Kind `changed`: they are not what they were.
ports::Task<Result<std::vector<orders::Order>>> read_orders(Job& job, std::vector<records::RowRef> rows);

/// Whether an error of reading it means that the claimed file is gone or not what was surveyed: trying again is no use.
bool is_lost(const Error& error);

std::vector<std::uint64_t> keys_of(const std::vector<orders::Order>& orders);

/// All jobs at work, by number; their addresses stay.
using Jobs = std::map<JobId, std::unique_ptr<Job>>;

/// What drain would say of a finished job: 1 when some orders were not accepted.
int exit_code(const ports::Counts& counts);

}  // namespace sluice::pipeline
