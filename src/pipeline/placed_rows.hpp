#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "job.hpp"
#include "sluice/base/siphash.hpp"
#include "sluice/records/cell.hpp"

namespace sluice::pipeline {

/// Which rows of a file placed an order, by what they are about (uid; orderId): for a row that the API refused because
/// of such an order. Ten bytes a placed row, and nothing where no row of the job was refused.
class PlacedRows {
 public:
  /// `key`: drawn at random, so that nobody can write rows that pass for one another.
  PlacedRows(Job& job, const SipKey& key);

  /// Each row, in file order, with its result. What is said of it in place of the ledger's words: it was refused for
  /// an order that exists, and an earlier row of this file placed that.
  std::optional<std::string> see(const records::Record& record, const records::RowResult& result);

 private:
  std::optional<std::uint64_t> hash_of(const records::Record& record);
  /// Where this hash stands, or is to stand.
  std::size_t place_of(std::uint64_t hash) const;

  Job& job_;
  SipKey key_;
  // Open addressing: upper half of the hash and line in one word, 0: empty. The lower half says where it begins.
  std::vector<std::uint64_t> slots_;
};

}  // namespace sluice::pipeline
