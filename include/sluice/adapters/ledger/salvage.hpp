#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sluice/base/error.hpp"
#include "sluice/base/ids.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::adapters::ledger {

/// What can still be read of a damaged ledger, for `sluice recover`. Works on a copy beside it (removed at the end), so
/// that the evidence stays as it is; unreadable disk blocks, a lost first page, a cut file and broken pages in between
/// each cost only what was on them. Blocks.
///
/// Nothing it returns is wrong by a known fault, but all of it may be *old*: a row that it doesn't know may have been
/// sent and answered since. So believe answers, and take every row without one for in doubt.
class Salvage {
 public:
  /// Kinds: missing (there is no ledger), corrupt (not even one table can be found), io, no_space, permission.
  static Result<std::unique_ptr<Salvage>> open(const std::string& path);
  ~Salvage();
  Salvage(const Salvage&) = delete;
  Salvage& operator=(const Salvage&) = delete;

  /// All headers that can be read, in order.
  std::vector<ports::JobHeader> jobs();
  /// Answers of a job (whether or not its header can be read) with a number above `after`, in order; fewer than
  /// `limit`: the last ones.
  std::vector<records::RowResult> rows(JobId job, std::uint64_t after, std::size_t limit);
  /// Of whatever age.
  std::vector<ports::Doubt> doubts();
  std::uint64_t first_sends(std::uint32_t day);
  std::string note(const ports::NoteKey& key);
  /// What is remembered of orders, some thousands at a time, the oldest first; empty: there is no more.
  std::vector<ports::Remember> next_remembered();
  /// The highest numbers that anything readable bears: never use these or lower ones again.
  ports::Ledger::Numbers numbers();

  /// What could not be read so far, a line each, for people. Empty: no damage was met.
  const std::vector<std::string>& damage() const;

 private:
  class Impl;
  explicit Salvage(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::adapters::ledger
