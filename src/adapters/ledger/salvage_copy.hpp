#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sluice/base/error.hpp"

namespace sluice::adapters::ledger {

/// A private copy of a ledger and its log, beside it; removed with this object.
class SalvageCopy {
 public:
  explicit SalvageCopy(const std::string& path) : from_(path), path_(path + ".salvage") {}
  ~SalvageCopy();
  SalvageCopy(const SalvageCopy&) = delete;
  SalvageCopy& operator=(const SalvageCopy&) = delete;

  const std::string& path() const { return path_; }

  /// Copies both afresh. A block that can't be read becomes zeros, and a line of `damage`.
  Result<void> make(std::vector<std::string>& damage);
  /// Gives the copy the first page of a new ledger that took the first `steps` of the schema: which tables there are
  /// and where they begin. They begin at the same pages in every ledger that was made of that schema.
  Result<void> replace_first_page(std::size_t steps);

 private:
  void remove() const;

  std::string from_;
  std::string path_;
};

}  // namespace sluice::adapters::ledger
