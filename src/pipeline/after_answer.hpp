#pragma once

#include <expected>
#include <span>
#include <string>
#include <vector>

#include "sluice/config/settings.hpp"
#include "sluice/orders/answer.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/ports/upstream.hpp"
#include "sluice/records/outcome.hpp"
#include "sluice/text/words.hpp"

namespace sluice::pipeline {

/// What came of one request: an answer that was read, or none.
using Exchanged = std::expected<orders::Answer, ports::Broken>;

/// What an answer that was lost costs its batch.
enum class LostAnswer : std::uint8_t {
  costs_attempt,
  costs_nothing,  ///< the brake of an outage is on
  was_cut,        ///< by us, stopping: it costs nothing, and nothing is given up for it
};

/// Whose fault a bad request is.
enum class BadRequest : std::uint8_t {
  of_its_orders,
  of_the_way,  ///< whatever is sent is refused so
};

/// What the pure decision below needs to know besides the batch and the answer.
struct AfterAnswer {
  const config::Settings& settings;
  WallTime now;
  std::uint64_t random = 0;
  text::Lang lang = text::Lang::en;
  text::Word undone = text::Word::not_placed;  ///< orders::Service::undone
  LostAnswer lost_answer = LostAnswer::costs_attempt;
  bool may_give_up = true;  ///< another batch had a usable answer meanwhile, or retry.outage is over
  BadRequest bad_request = BadRequest::of_its_orders;
  Nanos may_still_run{0};  ///< what is left of response_timeout, counted from the attempt's first byte at the latest
  Nanos halves_wait{0};    ///< how long the halves of a refused batch let others go first
};

/// What follows for the rows of a batch: each is settled, or in exactly one of `next`.
struct Consequence {
  std::vector<records::RowResult> settled;
  std::uint64_t other_starts = 0;  ///< of them, become active on another day than expected
  /// The batch itself (same id: it goes back to wait), or halves and retries (id 0: to be numbered).
  std::vector<ports::Batch> next;
};

/// No batch is put off for longer than that.
Nanos longest_delay(const config::Settings& settings);
/// How long the API may be at work on what it got.
Nanos longest_at_work(const config::Settings& settings);

/// The table of docs/api.md, "What each answer means" and "Per-order statuses", for the rows of one batch. `orders` are
/// the batch's, in its order. Pure; ids and times of the rows that are settled are moved out of `exchanged`.
Consequence after_answer(const ports::Batch& batch, std::span<const orders::Order> orders, Exchanged& exchanged,
                         const AfterAnswer& context);

/// A batch found *sending* after a crash: it may have been applied.
Consequence after_crash(const ports::Batch& batch, const AfterAnswer& context);

/// A batch that may have been applied, and that `retry.in_doubt`, which is `hold` now, does not let go again.
Consequence after_hold(const ports::Batch& batch, const AfterAnswer& context);

/// What becomes of an unsent or waiting batch when its job is cancelled.
std::vector<records::RowResult> after_cancel(const ports::Batch& batch, text::Lang lang, text::Word undone,
                                             WallTime now);

}  // namespace sluice::pipeline
