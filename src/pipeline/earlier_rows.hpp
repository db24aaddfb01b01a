#pragma once

#include <cstdint>
#include <string>

#include "sluice/ports/spool.hpp"

namespace sluice::pipeline {

/// Rows of a file that were read before, again. What lies beside one comes with it: a file whose second half repeats
/// its first costs a read for hundreds of rows, not one each.
class EarlierRows {
 public:
  explicit EarlierRows(ports::ClaimedFile& file) : file_(file) {}
  ports::Task<Result<std::string>> raw(records::RowRef row);

 private:
  ports::ClaimedFile& file_;
  std::uint64_t offset_ = 0;
  std::string block_;
};

}  // namespace sluice::pipeline
