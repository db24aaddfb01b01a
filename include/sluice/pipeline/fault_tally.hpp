#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sluice/records/outcome.hpp"

namespace sluice::pipeline {

/// What went wrong with a job's rows, by message: how often, and where first. Bounded, whatever a file holds.
class FaultTally {
 public:
  static constexpr std::size_t kMost = 100;      ///< different ones; rows of others are only counted
  static constexpr std::size_t kShownRows = 10;  ///< of each

  struct Fault {
    records::Outcome outcome{};
    std::string message;
    std::uint64_t count = 0;
    std::vector<std::uint64_t> lines;  ///< of the first rows; empty: not known
    std::vector<std::uint64_t> rows;   ///< the first rows' numbers
  };

  /// `line`: in the file; 0: not known. A row that was accepted is no fault.
  void add(const records::RowResult& result, std::uint64_t line);
  /// The most frequent first.
  std::vector<Fault> most() const;
  std::uint64_t unlisted_rows() const { return unlisted_; }
  bool empty() const { return faults_.empty(); }

 private:
  std::map<std::pair<records::Outcome, std::string>, Fault> faults_;
  std::uint64_t unlisted_ = 0;
};

}  // namespace sluice::pipeline
