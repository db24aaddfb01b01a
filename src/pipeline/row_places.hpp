#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sluice/records/cell.hpp"

namespace sluice::pipeline {

/// Where each row of a file lies, in some three bytes a row.
class RowPlaces {
 public:
  /// In file order, from row 1.
  void add(const records::RowRef& row);
  /// Of one that was added.
  records::RowRef at(std::uint64_t row) const;
  std::uint64_t size() const { return size_; }

 private:
  /// Some rows: by how much each begins behind the end of the one before, and its length.
  struct Page {
    std::uint64_t begin;
    std::string packed;
  };
  std::vector<Page> pages_;
  std::uint64_t size_ = 0;
  std::uint64_t end_ = 0;  ///< of the last row
};

}  // namespace sluice::pipeline
