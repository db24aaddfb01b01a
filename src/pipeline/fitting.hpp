#pragma once

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "after_answer.hpp"
#include "doubts.hpp"
#include "job.hpp"
#include "sending.hpp"

namespace sluice::pipeline {

/// Which rows go in one request, decided again when a batch's turn has come. Each change is one commit: whenever a
/// crash comes, every row is in exactly one batch. An error: not now; nothing has changed.
class Fitting {
 public:
  explicit Fitting(const Sending& sending) : parts_(sending) {}

  /// Leaves the first `most_rows` rows of it, and puts the rest back into its job.
  ports::Task<Result<void>> narrow(Job& job, Waiting& waiting, std::size_t most_rows);
  /// Takes what goes together with it out of its job, up to batch.orders rows.
  ports::Task<Result<void>> gather(Job& job, Waiting& waiting);

 private:
  const Sending& parts_;
};

/// Of a batch with orders that may not start now, since their dates are over or another job has left the same order in
/// doubt: the others, and what follows.
struct Sifted {
  std::vector<orders::Order> good;
  Consequence consequence;  ///< `next`: the batch without them, if anything is left of it
};
/// nullopt: all may start.
std::optional<Sifted> sift(const ports::Batch& batch, const std::vector<orders::Order>& orders, const Doubts& doubts,
                           text::Lang lang, WallTime wall);

/// The first `most` rows of a batch that was never announced, and the rest: batches of their own, with new numbers.
std::pair<ports::Batch, ports::Batch> split(const ports::Batch& batch, std::size_t most,
                                            const std::function<BatchId()>& next_batch);

/// It was answered *internal error* and put off since, and is no half of anything: rows that are alike come in small
/// numbers from many batches, and go together, so that they don't cost a request each.
bool waits_to_gather(const ports::Batch& batch);
/// Both do, and their rows have been through the same: a batch never mixes rows of unlike past.
bool go_together(const ports::Batch& one, const ports::Batch& other);
/// One batch of all their rows, in the file's order; else like the first.
ports::Batch gathered(BatchId id, const std::vector<const ports::Batch*>& batches);

}  // namespace sluice::pipeline
