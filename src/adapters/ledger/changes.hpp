#pragma once

#include "ledger/statements.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::adapters::ledger {

/// Stored: numbers.what.
enum class Number : std::uint8_t {
  job = 1,
  batch = 2,
  forgotten = 3,  ///< until when (Unix time in ms) the history is forgotten, though it may not be swept yet
};

/// Carries out one change inside the transaction under way. Throws SQLite::Exception.
void apply_change(Statements& statements, const ports::Change& change);

/// The edition of a job's answers that counts; those of earlier ones are forgotten.
std::uint64_t edition_of(Statements& statements, JobId job);

}  // namespace sluice::adapters::ledger
