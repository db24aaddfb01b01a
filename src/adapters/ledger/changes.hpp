#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <variant>
#include <vector>

#include "ledger/statements.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::adapters::ledger {

/// Stored: numbers.what.
enum class Number : std::uint8_t {
  job = 1,
  batch = 2,
  forgotten = 3,  ///< until when (Unix time in ms) the history is forgotten, though it may not be swept yet
};

/// Carries out the changes of one transaction, in their order. What only adds up is put off until the last of them: the
/// counts of batches that are settled together change their job's wide row once. Throws SQLite::Exception.
class Applier {
 public:
  explicit Applier(Statements& statements) : statements_(statements) {}

  void apply(const ports::Change& change) {
    std::visit([this](const auto& one) { carry_out(one); }, change);
  }
  /// Before the commit: what was put off.
  void finish();

 private:
  void carry_out(const ports::PutJob& change);
  void carry_out(const ports::PutHold& change);
  void carry_out(const ports::AddCounts& change);
  void carry_out(const ports::ForgetSurvey& change);
  void carry_out(const ports::PutRows& change);
  void carry_out(const ports::PutBatches& change);
  void carry_out(const ports::DropBatch& change);
  void carry_out(const ports::CountFirstSends& change);
  void carry_out(const ports::PutDoubts& change);
  void carry_out(const ports::DropDoubts& change);
  void carry_out(const ports::ResolveDoubts& change);
  void carry_out(const ports::ForgetRows& change);
  void carry_out(const ports::Remember& change);
  void carry_out(const ports::ForgetHistory& change);
  void carry_out(const ports::PutNote& change);

  void add_counts();
  void remember(JobId job, WallTime at, std::span<const records::RowResult> rows, const Blob& answers,
                std::span<const ports::OrderIds> orders);
  void put_placed(JobId job, WallTime at, std::span<const records::RowResult> rows,
                  std::span<const ports::OrderIds> orders);
  void raise(Number what, std::uint64_t to);

  Statements& statements_;
  std::vector<ports::AddCounts> added_;  ///< one of each job
  std::map<Number, std::uint64_t> highest_;
};

/// The edition of a job's answers that counts; those of earlier ones are forgotten.
std::uint64_t edition_of(Statements& statements, JobId job);

}  // namespace sluice::adapters::ledger
